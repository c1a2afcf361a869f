//! `omm demo --once`: the story holds, can be read, and leaves nothing behind.

use super::{a_folder, omm, run};

#[test]
fn the_story_holds_can_be_read_and_leaves_nothing_behind() {
    let folder = a_folder();
    let mut command = omm(&["demo", "--once", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", folder.path());
    let told = run(command).ended(0).out;
    for person in ["DEMO-A", "DEMO-B", "DEMO-C", "DEMO-D", "DEMO-E", "DEMO-F", "DEMO-G", "DEMO-H"] {
        assert!(told.contains(person), "{person} is not in the story");
    }
    for word in ["emergency bed", "waiting list", "objects", "refused", "Nidos", "COSM", "404", "the chain holds"] {
        assert!(told.contains(word), "`{word}` is not in the story");
    }
    assert!(told.contains("every one of its 13 steps was checked"), "{told}");
    assert!(told.lines().count() <= 150, "{} lines", told.lines().count());
    assert!(!told.contains('\u{1b}'), "colours where nobody looks");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}
