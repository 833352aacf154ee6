namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// The nodes that exporters write to compute a shape, evaluated here with a placeholder for the batch, and those that
/// only pass their input on.
/// </summary>
internal static class ShapeOperators
{
    public static Operand Identity(OnnxOperation operation) =>
        operation.Operand(0) is FlattenedMap map ? map : operation.Settled(0);

    public static Operand Constant(OnnxOperation operation)
    {
        var name = operation.OutputName;
        if (operation.Attribute("value_float") is { } single)
        {
            return Onnx.Constant.Of(name, [], [single.Single]);
        }
        if (operation.Attribute("value_floats") is { Singles: var singles })
        {
            return Onnx.Constant.Of(name, [singles.Length], [.. singles]);
        }
        if (operation.Attribute("value_int") is { } integer)
        {
            return new Constant(name, [], null, [integer.Int64]);
        }
        return operation.Attribute("value_ints") is { Int64s: var integers }
            ? List(operation, [.. integers])
            : throw operation.Unsupported("has no tensor, float or integer value", "Use one of these.");
    }

    public static Operand Cast(OnnxOperation operation)
    {
        var target = (OnnxDataType)operation.Integer("to", 0);
        return (operation.Settled(0), target) switch
        {
            (Constant { Integers: not null } integers, OnnxDataType.Int64 or OnnxDataType.Int32) => integers,
            (Constant { Integers: { } integers } shape, OnnxDataType.Float) => Onnx.Constant.Of(
                operation.OutputName,
                shape.Dims,
                Array.ConvertAll(integers, integer => (float)integer)
            ),
            (Constant { Scalar: { } number } scalar, OnnxDataType.Int64 or OnnxDataType.Int32) => new Constant(
                operation.OutputName,
                scalar.Dims,
                null,
                [(long)number]
            ),
            (Feature feature, OnnxDataType.Float) => feature,
            (Constant { Floats: not null } weights, OnnxDataType.Float) => weights,
            _ => throw operation.Unsupported($"casts to {target}", "Export the network in float32."),
        };
    }

    public static Operand Shape(OnnxOperation operation)
    {
        var dims = operation.Settled(0) switch
        {
            Feature feature => feature.Dims(),
            Constant constant => [.. constant.Dims.Select(size => (long)size)],
            _ => throw operation.Fault("reads neither a constant nor a computed value."),
        };
        var bounds = new SliceBounds(0, operation.Integer("start", 0), operation.Integer("end", dims.Length));
        var (start, count) = bounds.Within(dims.Length);
        return List(operation, dims.AsSpan(start, count).ToArray());
    }

    public static Operand Gather(OnnxOperation operation)
    {
        var data = ShapeVector(operation, 0);
        var indices = operation.Integers(1);
        var picked = Array.ConvertAll(indices, index => data[operation.CheckedAxis(index, data.Length)]);
        return operation.Operand(1) is Constant { Dims: [] }
            ? new Constant(operation.OutputName, [], null, picked)
            : List(operation, picked);
    }

    public static Operand Concat(OnnxOperation operation)
    {
        var parts = Enumerable.Range(0, operation.InputCount).SelectMany(index => ShapeVector(operation, index));
        return List(operation, [.. parts.Take(Onnx.Constant.MaxIntegerCount + 1)]);
    }

    public static Operand Slice(OnnxOperation operation)
    {
        var data = ShapeVector(operation, 0);
        if (SliceBounds.Read(operation, rank: 1) is not [var bounds])
        {
            throw operation.Unsupported("slices a shape along no axis", "Slice its only axis.");
        }
        var (first, count) = bounds.Within(data.Length);
        return List(operation, data.AsSpan(first, count).ToArray());
    }

    private static long[] ShapeVector(OnnxOperation operation, int index)
    {
        if (operation.Operand(index) is Constant { Integers: { } integers, Dims.Length: 1 })
        {
            return integers;
        }
        throw operation.Unsupported(
            $"reads as input {index} something else than part of a shape",
            "Only shapes are gathered; shapes and channels are sliced and concatenated."
        );
    }

    private static Constant List(OnnxOperation operation, long[] integers) =>
        integers.Length <= Onnx.Constant.MaxIntegerCount
            ? new(operation.OutputName, [integers.Length], null, integers)
            : throw operation.Fault($"makes a shape of more than {Onnx.Constant.MaxIntegerCount} integers.");
}
