"""A notebook on its way out of Jupyter: checked before it is executed, converted or saved."""
