"""One notebook or script to the keys that it asks for: of ``st.secrets`` and of the environment."""
