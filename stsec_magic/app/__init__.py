"""A notebook as a Streamlit app: what becomes of its cells. Writes nothing, runs nothing."""
