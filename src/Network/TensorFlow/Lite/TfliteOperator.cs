using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>An operator of a graph.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Code">What it computes.</param>
/// <param name="Custom">Name of a custom operator, else empty.</param>
/// <param name="Table">The operator in the file.</param>
/// <param name="Inputs">Numbers of the tensors that it reads; -1 for one that is left out.</param>
/// <param name="Outputs">Numbers of the tensors that it produces.</param>
internal sealed record TfliteOperator(
    TfliteGraph Graph,
    TfliteOperatorCode Code,
    string Custom,
    FlatTable Table,
    int[] Inputs,
    int[] Outputs
)
{
    /// <summary>The operator as it is translated.</summary>
    public Origin Origin => new(Output.Name, OperatorName, Output.Name);

    /// <summary>What errors call the operator.</summary>
    public string OperatorName => Custom.Length > 0 ? $"CUSTOM {Custom}" : Code.ToString();

    /// <summary>Its first output.</summary>
    public TfliteTensor Output => Graph.Tensor(Outputs[0]);

    /// <summary>Its parameters; null where all of them are absent.</summary>
    public FlatTable? Options => Table.Table(TfliteFields.OperatorOptions);

    /// <summary>Whether an optional input is there.</summary>
    /// <param name="index">Its position.</param>
    public bool HasInput(int index) => index < Inputs.Length && Inputs[index] >= 0;

    /// <summary>An input.</summary>
    /// <param name="index">Its position.</param>
    public TfliteTensor Input(int index) =>
        HasInput(index) ? Graph.Tensor(Inputs[index]) : throw Fault($"has no input {index}, which it needs.");

    /// <summary>Names of its inputs, constants among them declared.</summary>
    /// <param name="required">How many it needs.</param>
    /// <param name="optional">How many more it may have.</param>
    public string[] Names(int required, int optional = 0)
    {
        var count = Enumerable.Range(required, optional).TakeWhile(HasInput).Count() + required;
        return [.. Enumerable.Range(0, count).Select(index => Graph.Declared(Input(index)))];
    }

    /// <summary>Height and width from two of its parameters.</summary>
    /// <param name="height">Field of the height.</param>
    /// <param name="width">Field of the width.</param>
    /// <param name="absent">What an absent one counts as.</param>
    public Extent Extent(int height, int width, int absent) =>
        new(Options?.Integer(height, absent) ?? absent, Options?.Integer(width, absent) ?? absent);

    /// <summary>The window of a convolution or pooling: padding and strides are the first parameters of all of them.</summary>
    public TensorWindow Window()
    {
        var padding = Options?.Byte(0) switch
        {
            null or 0 => TensorPadding.Same,
            1 => TensorPadding.Valid,
            var other => throw Fault($"has padding {other}, expected 0 (SAME) or 1 (VALID)."),
        };
        return new(Extent(2, 1, absent: 0), Kernels.Extent.Square(1), padding);
    }

    /// <summary>The activation that it is fused with, as ONNX calls it, or null.</summary>
    /// <param name="field">Field of the activation.</param>
    public string? Fused(int field) =>
        Options?.Byte(field) switch
        {
            null or 0 => null,
            1 => "Relu",
            3 => "Clip",
            2 => throw Fault("is fused with RELU_N1_TO_1; use ReLU or ReLU6."),
            var other => throw Fault($"is fused with activation {other}; use ReLU or ReLU6."),
        };

    /// <summary>A fault of the file at this operator.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(string fault) => Graph.Values.Fault(Origin, fault);
}
