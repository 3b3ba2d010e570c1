"""Speech: sound into words, words into sound, by engines that are declared one a file."""
