"""Charts of the report: one kind a file, each a frozen record in and one SVG text out.

Numbers come with their words: a chart chooses where its ticks stand, and asks the given function to
write them in the reader's language.
"""
