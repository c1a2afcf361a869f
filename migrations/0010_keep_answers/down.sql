-- Repeats take effect again.

DROP TABLE kept_answers;
