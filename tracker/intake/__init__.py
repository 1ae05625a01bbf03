"""Their own Excel: a file with foreign heads becomes rows of the register, step by step; nothing until it is saved."""
