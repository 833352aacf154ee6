"""The ecosystems' own sources, run on PyTorch: timm as it is, Keras and Paddle through stand-ins for what they import."""
