"""Wire codecs: declarations to the bytes that travel and back, and answers from customs. Pure, no framework."""
