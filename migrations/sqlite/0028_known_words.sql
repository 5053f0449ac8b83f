-- Which words the index knows, so that letters are found by the beginning of a word without putting all of them together.
CREATE VIRTUAL TABLE entry_words_vocabulary USING fts5vocab ('entry_words', 'instance');
