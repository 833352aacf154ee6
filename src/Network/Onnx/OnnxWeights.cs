using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Collects the weights that layers use: tensors of the file and those derived from them.</summary>
/// <param name="source">Path of the file.</param>
/// <param name="fileSizeInBytes">Size of the file, which limits what may be derived.</param>
internal sealed class OnnxWeights(string source, int fileSizeInBytes)
{
    private readonly Dictionary<string, (WeightElements Data, ImmutableArray<int> Shape)> _tensors = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<(WeightElements Source, string Suffix), Constant> _derived = [];
    private readonly Dictionary<(float Value, int Count), Constant> _uniform = [];
    private readonly UniqueNames _names = new();

    /// <summary>
    /// Elements, and characters of their names, that may still be derived: honest files derive about as many as they have.
    /// </summary>
    private long _budget = 2L * fileSizeInBytes / sizeof(float) + (1 << 20);

    /// <summary>Lets as much more be derived as a tensor has that is not in the file itself.</summary>
    /// <param name="external">The tensor.</param>
    public void AllowFor(Constant external) => _budget += 2L * external.Floats?.Count ?? 0;

    /// <summary>Makes a tensor a weight of a layer.</summary>
    /// <param name="constant">The tensor, which has as many elements as the shape.</param>
    /// <param name="shape">Shape in the layer; may differ from the file's by axes of size 1.</param>
    public Parameter Use(Constant constant, ImmutableArray<int> shape)
    {
        var data = constant.Floats!;
        if (
            _tensors.TryGetValue(constant.Name, out var known)
            && ReferenceEquals(known.Data, data)
            && known.Shape.SequenceEqual(shape)
        )
        {
            return new(constant.Name, shape);
        }
        var name = _names.Next(constant.Name);
        _tensors.Add(name, (data, shape));
        return new(name, shape);
    }

    /// <summary>A tensor made of another one, once for each source and suffix.</summary>
    /// <param name="origin">What it is made of.</param>
    /// <param name="suffix">What was done, the end of its name unless that tells of something done already.</param>
    /// <param name="dims">Its axes.</param>
    /// <param name="compute">Computes the elements.</param>
    public Constant Derive(Constant origin, string suffix, ImmutableArray<int> dims, Func<float[]> compute)
    {
        var key = (origin.Floats!, suffix);
        if (!_derived.TryGetValue(key, out var constant))
        {
            var name = $"{origin.Name}.{suffix}";
            if (origin.Floats!.AreDerived)
            {
                // Computed now: what waits for what waits could go as deep as a file is long. And the names of such a
                // chain would take the square of its length.
                _ = origin.Floats.Values;
                name = origin.Name;
            }
            var count = dims.Aggregate(1L, (count, axis) => count * axis);
            Spend(count + name.Length);
            var elements = new WeightElements((int)count, compute) { AreDerived = true };
            constant = new(name, dims, elements, null);
            _derived.Add(key, constant);
        }
        return constant;
    }

    /// <summary>A vector of one number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="count">Elements.</param>
    public Constant Uniform(float value, int count)
    {
        if (!_uniform.TryGetValue((value, count), out var constant))
        {
            Spend(count);
            var data = new float[count];
            Array.Fill(data, value);
            constant = Constant.Of(FormattableString.Invariant($"uniform.{value}.{count}"), [count], data);
            _uniform.Add((value, count), constant);
        }
        return constant;
    }

    /// <summary>The elements of a weight of a layer.</summary>
    /// <param name="parameter">The weight, as <see cref="Use"/> gave it.</param>
    public WeightElements ElementsOf(Parameter parameter) => _tensors[parameter.Name].Data;

    /// <summary>Reads or computes the weights used so far.</summary>
    public WeightSet ToWeightSet() =>
        new(
            source,
            _tensors.ToImmutableDictionary(
                tensor => tensor.Key,
                tensor => new Tensor(tensor.Value.Shape, tensor.Value.Data.Values),
                StringComparer.Ordinal
            )
        );

    private void Spend(long elementCount)
    {
        _budget -= elementCount;
        if (_budget < 0)
        {
            throw new ModelFormatException(
                source,
                $"its constants grow to more than twice the file's {fileSizeInBytes} bytes when transposed and broadcast.",
                "Export the network with constant folding."
            );
        }
    }
}

/// <summary>Makes names unique by appending <c>_2</c>, <c>_3</c> and so on.</summary>
internal sealed class UniqueNames
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The name itself the first time, then with a number.</summary>
    /// <param name="name">The wanted name.</param>
    public string Next(string name)
    {
        while (true)
        {
            var count = _counts.GetValueOrDefault(name) + 1;
            _counts[name] = count;
            if (count == 1)
            {
                return name;
            }
            var candidate = $"{name}_{count}";
            if (_counts.TryAdd(candidate, 1))
            {
                return candidate;
            }
        }
    }
}
