//! A small deterministic generator, so that one number stands for a whole case.

use uuid::Uuid;

/// A row of draws that depends on its seed alone (`SplitMix64`).
#[derive(Clone, Copy, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap().max(1);
        usize::try_from(self.next() % bound).unwrap()
    }

    /// True in so many of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the values, each as likely.
    pub fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// Each of the values or not, in a drawn order.
    pub fn some_of<T: Clone>(&mut self, values: &[T], most: usize) -> Vec<T> {
        let mut left = values.to_vec();
        let count = self.below(most + 1).min(left.len());
        (0..count).map(|_| left.remove(self.below(left.len()))).collect()
    }

    /// The values in a drawn order.
    pub fn shuffled<T>(&mut self, mut values: Vec<T>) -> Vec<T> {
        for at in (1..values.len()).rev() {
            values.swap(at, self.below(at + 1));
        }
        values
    }

    /// An id as the desk makes them: random, version 4.
    pub fn id(&mut self) -> Uuid {
        let (high, low) = (self.next(), self.next());
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes()).into_uuid()
    }
}
