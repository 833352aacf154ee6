using System.Text.Json;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A call of a layer of a Keras topology.</summary>
/// <param name="Config">Its configuration, called by the layer's class.</param>
/// <param name="Name">Its name, which its weights have too.</param>
/// <param name="Output">Name of the value that it gives.</param>
/// <param name="Inputs">Names of the values that it reads.</param>
/// <param name="Number">The number that stands beside them where an operator reads one: <c>x + 3</c>.</param>
internal sealed record KerasLayer(TfjsObject Config, string Name, string Output, string[] Inputs, double? Number)
{
    /// <summary>Its class.</summary>
    public string ClassName => Config.What;

    /// <summary>The order of its axes, <c>channels_last</c> or <c>channels_first</c>; null where it does not say one.</summary>
    public string? DataFormat => Config.OptionalText("data_format");

    /// <summary>The layer as an operator to translate.</summary>
    public Origin Origin => new(Name, ClassName, Output);

    /// <summary>The value that it reads first.</summary>
    public string Input => Inputs.Length > 0 ? Inputs[0] : throw Fault("reads nothing");

    /// <summary>A whole number, or another one where it is absent.</summary>
    /// <param name="name">Name of the property.</param>
    /// <param name="absent">The other one.</param>
    public long Integer(string name, long absent) => Config.Has(name) ? (long)Config.Number(name) : absent;

    /// <summary>Yes or no.</summary>
    /// <param name="name">Name of the property.</param>
    /// <param name="absent">What an absent one is.</param>
    public bool Flag(string name, bool absent) =>
        Config.Find(name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => absent,
        };

    /// <summary>A height and a width, which one number may stand for.</summary>
    /// <param name="name">Name of the property.</param>
    /// <param name="absent">What an absent one is.</param>
    public Kernels.Extent Extent(string name, Kernels.Extent absent)
    {
        if (!Config.Has(name))
        {
            return absent;
        }
        long[] sizes =
            Config.Find(name)!.Value.ValueKind == JsonValueKind.Array
                ? Config.Integers(name)
                : [Integer(name, 0), Integer(name, 0)];
        return sizes is [>= 1 and <= int.MaxValue and var height, >= 1 and <= int.MaxValue and var width]
            ? new((int)height, (int)width)
            : throw Fault($"has {name} [{string.Join(", ", sizes)}], expected a height and a width");
    }

    /// <summary>A fault of the topology at this layer.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public Weights.ModelFormatException Fault(string fault) =>
        (Config with { What = $"layer '{Name}' ({ClassName})" }).Fault($"{fault}.");
}
