using ILGpuMobileNet.Host.Comparison;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>compare</c> prints for people.</summary>
internal static class ComparisonText
{
    private const int ShownNames = 8;

    /// <summary>Writes a report: the layers, what was not compared, and the verdict.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="report">The report.</param>
    public static void Write(TextWriter output, ComparisonReport report)
    {
        WriteLayers(output, report);
        output.WriteLine($"A: {report.A}");
        output.WriteLine($"B: {report.B}");
        if (!report.PairedByName)
        {
            output.WriteLine(
                "The sides name their layers differently: they were paired by what they hold, or in their order where that differs."
            );
        }
        WriteOthers(output, "A", report.OnlyA);
        WriteOthers(output, "B", report.OnlyB);
        output.WriteLine(Verdict(report));
    }

    private static void WriteLayers(TextWriter output, ComparisonReport report)
    {
        var table = TextTable.Create("", "Layer", "Output", "#Largest |value|", "#Largest |A - B|", "#Relative");
        foreach (var layer in report.Layers)
        {
            table.Add(
                layer.Diverges ? "!" : "",
                NameOf(layer),
                layer.OtherShape is null ? layer.Shape : $"{layer.Shape} and {layer.OtherShape}",
                LargestValueOf(layer),
                Invariant($"{layer.Difference:0.0e+0}"),
                Invariant($"{layer.RelativeDifference:0.0e+0}")
            );
        }
        TextTable.Write(output, table);
    }

    private static void WriteOthers(TextWriter output, string side, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            var more = names.Count > ShownNames ? $" and {names.Count - ShownNames} more" : "";
            output.WriteLine($"Only in {side}: {string.Join(", ", names.Take(ShownNames))}{more}");
        }
    }

    private static string Verdict(ComparisonReport report)
    {
        var within = Invariant($"{report.Tolerance} of a layer's largest |value|");
        if (report.FirstDivergence is not { } layer)
        {
            var layers = report.Layers.Count == 1 ? "1 layer agrees" : $"{report.Layers.Count} layers agree";
            var agreement = $"{layers} within {within}";
            var counts =
                $"A has {report.Layers.Count + report.OnlyA.Count}, B {report.Layers.Count + report.OnlyB.Count}";
            return report.IsConclusive
                ? $"No divergence: {agreement}; {counts}."
                : $"Undecided: {agreement}, but {counts}: too many are on one side only.";
        }
        return $"First divergence: {NameOf(layer)}"
            + (layer.Place is { } place ? $", {Words(place)}{Words(layer, within)}" : ShapesOf(layer));
    }

    private static string Words(DifferencePlace place) =>
        Invariant($"image {place.Image}, row {place.Row}, column {place.Column}, channel {place.Channel}: ")
        + Invariant($"{place.A} against {place.B}");

    private static string Words(LayerDifference layer, string within) =>
        double.IsFinite(layer.Difference!.Value)
            ? Invariant($", {layer.RelativeDifference:g3} of its largest |value|; tolerated is {within}.")
            : "; what is not finite agrees with nothing.";

    private static string LargestValueOf(LayerDifference layer) =>
        layer switch
        {
            { LargestValue: { } value } => Invariant($"{value:g6}"),
            { OtherShape: null } => "no finite value",
            _ => "",
        };

    private static string ShapesOf(LayerDifference layer) =>
        layer.Shape == layer.OtherShape
            ? $" has axes {layer.Shape} on both sides, expected N,C or N,C,H,W or N,H,W,C."
            : $" is {layer.Shape} on one side and {layer.OtherShape} on the other.";

    private static string NameOf(LayerDifference layer) =>
        layer.Name == layer.OtherName ? layer.Name : $"{layer.Name} = {layer.OtherName}";
}
