-- Why an enrollment ended, in words.

ALTER TABLE enrollments ADD COLUMN ending_why TEXT;
