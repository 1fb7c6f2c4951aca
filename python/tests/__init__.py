"""python3 -m unittest discover -s python/tests -t python (needs NumPy; what needs PyTorch says so when it is missing)."""
