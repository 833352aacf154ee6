namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Names of the ecosystems that the forms come from.</summary>
internal static class Ecosystem
{
    /// <summary>Implementations in PyTorch outside its libraries.</summary>
    public const string PyTorch = "pytorch";

    /// <summary>torchvision.</summary>
    public const string Torchvision = "torchvision";

    /// <summary>timm's own training.</summary>
    public const string Timm = "timm";

    /// <summary>timm's conversions of TensorFlow's weights, called <c>tf_</c> there.</summary>
    public const string TimmTensorFlow = "timm-tf";

    /// <summary>Keras Applications.</summary>
    public const string Keras = "keras";

    /// <summary>Ports of the papers to Keras outside Keras Applications.</summary>
    public const string KerasPort = "keras-port";

    /// <summary>TF-slim and the TF Hub modules made with it.</summary>
    public const string Slim = "tf-slim";

    /// <summary>PaddleClas.</summary>
    public const string PaddleClas = "paddleclas";

    /// <summary>PaddleOCR.</summary>
    public const string PaddleOcr = "paddleocr";
}
