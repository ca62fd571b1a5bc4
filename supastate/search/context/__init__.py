"""What an assistant should read now, within a budget of tokens.

Each source of texts (`code`, `turns`, `memories`) gives candidates, each in forms from the fullest to the
shortest. `budgeting` chooses among them, `assembling` puts the sections in the order that models attend to best.
Another source is a row of `model.SECTIONS` and a function that gives its candidates.
"""
