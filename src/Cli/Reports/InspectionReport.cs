using System.Globalization;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>inspect</c> prints for people.</summary>
internal static class InspectionReport
{
    private const int MostNamed = 8;

    /// <summary>Writes it.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="inspection">What the file is.</param>
    /// <param name="withTensors">Whether every tensor is listed.</param>
    public static void Write(TextWriter output, FileInspection inspection, bool withTensors)
    {
        var format = inspection.Format?.ToString() ?? "no known format";
        output.WriteLine($"{inspection.File}: {format}, {Number(inspection.SizeInBytes)} bytes");
        output.WriteLine($"  SHA-256 {inspection.Sha256}");
        WriteContent(output, inspection);
        if (inspection.Model is { } model)
        {
            WriteModel(output, model);
        }
        else if (inspection.Fits is [var nearest, ..])
        {
            WriteFit(output, nearest);
        }
        if (withTensors)
        {
            WriteTensors(output, inspection);
        }
    }

    private static void WriteContent(TextWriter output, FileInspection inspection)
    {
        if (!inspection.Tensors.IsEmpty)
        {
            var types = inspection.Tensors.CountBy(tensor => tensor.Type).Select(type => $"{type.Value} {type.Key}");
            output.WriteLine($"  {inspection.Tensors.Length} tensors: {string.Join(", ", types)}");
        }
        if (inspection.Graph is { } graph)
        {
            var operators = graph.Counts.Select(entry => $"{entry.Value} {entry.Key}");
            var title = graph.Opset is { } opset ? $"opset {opset}" : "operators";
            output.WriteLine($"  {title}: {ShownText.Of(string.Join(", ", operators))}");
        }
    }

    private static void WriteModel(TextWriter output, ModelFacts model)
    {
        if (model.Architecture is not null)
        {
            var width = model.Width!.Value.ToString("0.###", CultureInfo.InvariantCulture);
            var classes = model.Classes is { } count ? $", {Number(count)} classes" : ", features";
            var tail = model.ReducedTail ? ", reduced tail" : "";
            // A graph has its own numerics; where they are not the form's, that is said below.
            var (form, source) = model switch
            {
                { Numerics: not null } => ($" of {model.Ecosystem}", ""),
                { Ecosystem: not null } => ($" of {model.Ecosystem}", ", by the names of its tensors"),
                _ => ("", ", by the sequence of its convolutions"),
            };
            output.WriteLine($"  {model.Architecture}{form}, width {width}{classes}{tail}{source}");
            WriteDeviations(output, model.Deviations);
        }
        output.WriteLine($"  input {model.Input}, output {model.Output}");
        if (model.Numerics is { } numerics)
        {
            output.WriteLine($"  numerics: {Words(numerics)}");
            WriteForced(output, model.ForcedNumerics);
        }
        output.WriteLine($"  contract: {Words(model)}");
        output.WriteLine($"  pictures: {Words(model.Preprocessing)}");
    }

    private static void WriteDeviations(TextWriter output, IReadOnlyList<string> deviations)
    {
        if (deviations.Count > 0)
        {
            output.WriteLine($"  but {string.Join("; ", deviations)}");
        }
    }

    private static void WriteForced(TextWriter output, IReadOnlyList<string> forced)
    {
        if (forced.Count > 0)
        {
            output.WriteLine($"  numerics forced: {string.Join(", ", forced)}");
        }
    }

    private static void WriteFit(TextWriter output, WeightFit fit)
    {
        output.WriteLine($"  nearest: {fit}, {fit.UsedCount} tensors used");
        WriteNames(output, "missing", fit.Missing);
        WriteNames(output, "of another shape", fit.Misshaped);
        WriteNames(output, "not used", fit.Unused);
    }

    private static void WriteNames(TextWriter output, string what, IReadOnlyCollection<string> names)
    {
        if (names.Count > 0)
        {
            var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
            output.WriteLine($"  {names.Count} {what}: {ShownText.Of(string.Join("; ", names.Take(MostNamed)))}{more}");
        }
    }

    private static void WriteTensors(TextWriter output, FileInspection inspection)
    {
        var table = TextTable.Create("Tensor", "Shape", "Type");
        foreach (var tensor in inspection.Tensors)
        {
            table.Add(ShownText.OneLine(tensor.Name), $"[{string.Join(", ", tensor.Shape)}]", tensor.Type.ToString());
        }
        TextTable.Write(output, table);
    }

    /// <summary>Numerics in a line.</summary>
    /// <param name="numerics">The numerics that the network has.</param>
    public static string Words(NumericsOptions numerics)
    {
        string?[] items =
        [
            numerics.BatchNormEpsilon is { } epsilon ? $"epsilon {ItemText.Of(epsilon)}" : null,
            numerics.Padding is { } padding ? $"padding {ItemText.Of(padding)}" : null,
            numerics.Gate is { } gate ? $"gate {ItemText.Of(gate)}" : null,
            numerics.Relu is { } relu ? $"RE is {ItemText.Of(relu)}" : null,
        ];
        return string.Join(", ", items.OfType<string>());
    }

    /// <summary>Preprocessing in a line.</summary>
    /// <param name="way">The preprocessing.</param>
    public static string Words(Preprocessing way)
    {
        var crops = way.Resize is ResizeRule.ShorterSide or ResizeRule.CentralCrop;
        var crop = crops
            ? $" (crop {(1 / way.ShorterSideRatio).ToString("0.####", CultureInfo.InvariantCulture)}{RoundingOf(way)})"
            : "";
        var antialias = way.Antialias ? "antialiased" : "not antialiased";
        return $"{ItemText.Of(way.Resize)}{crop}, {ItemText.Of(way.Interpolation)}, {antialias}, "
            + $"mean {ItemText.Of(way.Mean)}, std {ItemText.Of(way.Std)}, {ItemText.Of(way.Order)}";
    }

    // Torchvision's is the usual one, and the rule for a central crop has none.
    private static string RoundingOf(Preprocessing way) =>
        way is { Resize: ResizeRule.ShorterSide, Rounding: not ResizeRounding.Torchvision }
            ? $", rounded as by {ItemText.Of(way.Rounding)}"
            : "";

    private static string Words(ModelFacts model)
    {
        var labels = model.HasLabels ? "names of the classes known" : "names of the classes not known";
        return model.Contract is { } contract
            ? $"{contract} ({ItemText.Of(model.Evidence)}), {labels}"
            : $"none known, {labels}";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
