"""timm's models, from a checkout of huggingface/pytorch-image-models."""

import sys

from . import sources


class Timm:
    """Builds models and runs them; parameters are those of the state dict."""

    def __init__(self, checkout):
        for package in ("huggingface_hub", "safetensors"):
            sources.stand_in(package)
        for module in ("huggingface_hub.utils", "huggingface_hub.errors", "huggingface_hub.constants", "safetensors.torch"):
            sources.stand_in(module)
        sys.path.insert(0, str(checkout))
        from timm.models import create_model

        self.create_model = create_model

    def build(self, name, classes, **_):
        """The model, and its tensors by name."""
        model = self.create_model(name, num_classes=classes).double().eval()
        tensors = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
        return model, tensors
