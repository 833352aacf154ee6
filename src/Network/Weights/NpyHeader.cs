using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>The Python dictionary in front of a .npy file's elements.</summary>
/// <param name="Shape">Axes, outermost first.</param>
/// <param name="ElementCount">Product of the axes.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="IsColumnMajor">Whether neighbours along the first axis lie together, which NumPy calls Fortran's order.</param>
internal sealed partial record NpyHeader(
    ImmutableArray<int> Shape,
    int ElementCount,
    ElementType Type,
    bool IsColumnMajor
)
{
    private const string Float32 = "<f4";

    /// <summary>Reads the dictionary.</summary>
    /// <param name="header">The dictionary as text.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">It is not a dictionary of NumPy, or its dtype is not read.</exception>
    public static NpyHeader Parse(ReadOnlySpan<byte> header, string source)
    {
        var match = Dictionary().Match(Encoding.Latin1.GetString(header));
        if (!match.Success)
        {
            const string fault = "its header is not a dictionary of descr, fortran_order and shape.";
            throw new ModelFormatException(
                source,
                fault,
                "Write the file again with numpy.save, without a structured dtype."
            );
        }
        var type = TypeOf(match.Groups["descr"].Value, source);
        var (shape, count) = ParseShape(match.Groups["shape"].Value, source);
        return new(shape, count, type, match.Groups["fortran"].Value == "True");
    }

    /// <summary>The header of a float32 array in C order.</summary>
    /// <param name="shape">Its axes.</param>
    public static string Format(ImmutableArray<int> shape)
    {
        var axes = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        return $"{{'descr': '{Float32}', 'fortran_order': False, 'shape': ({axes}), }}";
    }

    private static ElementType TypeOf(string descr, string source) =>
        descr switch
        {
            Float32 => ElementType.F32,
            "<f2" => ElementType.F16,
            "<f8" => ElementType.F64,
            _ => throw new ModelFormatException(
                source,
                $"holds dtype '{descr}', expected '{Float32}', '<f2' or '<f8' (little-endian floating-point numbers).",
                "Save array.astype('<f4')."
            ),
        };

    private static (ImmutableArray<int>, int) ParseShape(string text, string source)
    {
        var axes = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Take(TensorSize.MaxRank + 1)
            .Select(axis =>
                long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1
            )
            .ToArray();
        return TensorSize.TryCount(axes, out var count)
            ? ([.. axes.Select(axis => (int)axis)], count)
            : throw new ModelFormatException(
                source,
                $"has shape ({text}), expected at most {TensorSize.MaxRank} axes of at least 1 and fewer than 2^31 elements.",
                "Check the array that was saved."
            );
    }

    // The keys are sorted in what numpy writes; no part can
    // take what the next one starts with, so that matching takes linear time.
    [GeneratedRegex(
        @"^\s*\{\s*'descr'\s*:\s*'(?<descr>[^']*)'\s*,\s*'fortran_order'\s*:\s*(?<fortran>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[\d\s,]*)\)(?>\s*),?\s*\}\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Dictionary();
}
