namespace ILGpuMobileNet.Reference.Goldens;

/// <summary>What a network costs, counted on its PyTorch modules.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Width">Multiplier of the channels.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="InputWidth">Columns of the input.</param>
/// <param name="Classes">Outputs of the classifier, if it has one.</param>
/// <param name="ReducedTail">Whether V3's last stage has half its channels.</param>
/// <param name="Parameters">Elements of all trainable tensors; running statistics do not count.</param>
/// <param name="Macs">Multiply-adds of convolutions and linear layers, for one image.</param>
public sealed record GoldenTotal(
    string Network,
    double Width,
    int Height,
    int InputWidth,
    int? Classes,
    bool ReducedTail,
    long Parameters,
    long Macs
);
