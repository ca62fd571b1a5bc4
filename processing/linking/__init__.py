"""Links between what was said and the code it is about."""
