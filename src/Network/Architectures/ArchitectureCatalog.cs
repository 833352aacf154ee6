namespace ILGpuMobileNet.Network.Architectures;

/// <summary>The networks of the family, by name.</summary>
public static class ArchitectureCatalog
{
    /// <summary>Every network, oldest paper first.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        MobileNetV1.Torch,
        MobileNetV1.Keras,
        MobileNetV2.Torchvision,
        MobileNetV2Relu.Keras,
        MobileNetV3.Small,
        MobileNetV3.Large,
        MobileNetV3.SmallMinimalistic,
        MobileNetV3.LargeMinimalistic,
        MobileNetV3Keras.Small,
        MobileNetV3Paddle.Small,
        MobileNetV1Enhance.Paddle,
    ];

    /// <summary>The network of a name.</summary>
    /// <param name="name">Name as <see cref="Architecture.Name"/> has it; case does not matter.</param>
    /// <exception cref="ArgumentException">No network has the name; the message names the nearest and lists all.</exception>
    public static Architecture Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(network => string.Equals(network.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"No network is called '{name}'{Suggestion(name)} There are {string.Join(", ", Names)}."
            );
    }

    private static string Suggestion(string name) =>
        EditDistance.Nearest(name, Names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    private static IEnumerable<string> Names => All.Select(network => network.Name);
}
