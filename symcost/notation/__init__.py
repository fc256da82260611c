"""One formula in many notations: for people (text, LaTeX) and for programs (Python, C, JavaScript, JSON)."""
