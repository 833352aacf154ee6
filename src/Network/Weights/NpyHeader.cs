using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>The Python dictionary in front of a .npy file's elements.</summary>
internal static partial class NpyHeader
{
    private const string Float32 = "<f4";

    /// <summary>Reads the shape and checks dtype and order.</summary>
    /// <param name="header">The dictionary as text.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">It is not a dictionary of NumPy, not float32, or in Fortran order.</exception>
    public static (ImmutableArray<int> Shape, int Count) Parse(ReadOnlySpan<byte> header, string source)
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
        if (match.Groups["descr"].Value is var descr and not Float32)
        {
            var fault = $"holds dtype '{descr}', expected '{Float32}' (little-endian float32).";
            throw new ModelFormatException(source, fault, "Save array.astype('<f4').");
        }
        if (match.Groups["fortran"].Value == "True")
        {
            const string remedy = "Save numpy.ascontiguousarray(array).";
            throw new ModelFormatException(source, "is in Fortran order, expected C order.", remedy);
        }
        return ParseShape(match.Groups["shape"].Value, source);
    }

    /// <summary>The header of a float32 array in C order.</summary>
    /// <param name="shape">Its axes.</param>
    public static string Format(ImmutableArray<int> shape)
    {
        var axes = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        return $"{{'descr': '{Float32}', 'fortran_order': False, 'shape': ({axes}), }}";
    }

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
