using System.Reflection;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>A device method with its type arguments, and what readers call it.</summary>
/// <param name="method">The method.</param>
internal sealed class KernelVariant(MethodInfo method)
{
    /// <summary>The method.</summary>
    public MethodInfo Method => method;

    /// <summary>The operation that launches it.</summary>
    public string Operation { get; } = WithoutEnd(WithoutEnd(method.DeclaringType!.Name, "Kernels"), "Kernel");

    /// <summary>
    /// Operation, method and type arguments but the activation: <c>PointwiseConv Tile Tile64x64 EightRows gate</c>.
    /// </summary>
    public string Group =>
        string.Join(
            ' ',
            [
                Operation,
                WithoutEnd(method.Name, "Kernel"),
                .. Types.Where(type => !IsActivation(type)).SelectMany(Words),
            ]
        );

    /// <summary>The activation, or nothing.</summary>
    public string? Activation => Types.FirstOrDefault(IsActivation)?.Name;

    /// <inheritdoc/>
    public override string ToString() => Activation is { } activation ? $"{Group} {activation}" : Group;

    private Type[] Types => method.GetGenericArguments();

    private static bool IsActivation(Type type) => typeof(IActivation).IsAssignableFrom(type);

    private static IEnumerable<string> Words(Type type) =>
        type.Name.StartsWith("No", StringComparison.Ordinal) ? []
        : type.Name.StartsWith("With", StringComparison.Ordinal) ? [type.Name["With".Length..].ToLowerInvariant()]
        : [type.Name];

    private static string WithoutEnd(string text, string end) =>
        text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text;
}
