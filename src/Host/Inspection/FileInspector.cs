using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Says what a file is, also where it is nothing that can be used.</summary>
public static class FileInspector
{
    /// <summary>
    /// Looks into a file. The whole file is read for its hash, a few bytes at a time; of weights and of graphs no tensor is,
    /// but for small constants.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">It is no regular file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FileInspection Inspect(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var inspection = new FileInspection
        {
            File = path,
            SizeInBytes = SizeOf(path),
            Sha256 = ContractSearch.HashOf(path, cancellationToken),
            Format = GraphFiles.FormatOf(path, cancellationToken),
        };
        return GraphFiles.IsGraph(inspection.Format)
            ? InspectGraph(inspection, cancellationToken)
            : InspectWeights(inspection, cancellationToken);
    }

    private static long SizeOf(string path)
    {
        using var stream = ModelFile.Open(path);
        return stream.Length;
    }

    private static FileInspection InspectWeights(FileInspection inspection, CancellationToken cancellationToken)
    {
        try
        {
            using var file = WeightFiles.Open(inspection.File, cancellationToken);
            var fits = WeightClaims.FitsOf(file, named: null);
            return Claimed(inspection with { Tensors = file.Tensors, Fits = fits }, file, cancellationToken);
        }
        catch (ModelFormatException fault)
        {
            return inspection with { Refusal = fault.Message };
        }
    }

    private static FileInspection Claimed(
        FileInspection inspection,
        WeightFile file,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var claim = WeightClaims.Of(file, inspection.Fits, null, new(), cancellationToken);
            var graph = WeightedModel.BuildFor(file, claim, new());
            WeightBinding.CheckElements(file, graph, claim.Form);
            return inspection with { Model = ModelFacts.Of(claim, graph) };
        }
        catch (ModelFormatException fault)
        {
            return inspection with { Refusal = fault.Message };
        }
    }

    private static FileInspection InspectGraph(FileInspection inspection, CancellationToken cancellationToken)
    {
        inspection = Listed(inspection, cancellationToken);
        try
        {
            var (graph, claim) = GraphModel.LoadGraph(new() { Model = inspection.File }, cancellationToken);
            return inspection with
            {
                // What is of no other format and can be used is ONNX.
                Format = inspection.Format ?? WeightFormat.Onnx,
                Model = ModelFacts.Of(claim, graph, inspection.Fits),
            };
        }
        catch (ModelFormatException fault)
        {
            return inspection with { Refusal = fault.Message };
        }
    }

    private static FileInspection Listed(FileInspection inspection, CancellationToken cancellationToken)
    {
        try
        {
            var listing = GraphFiles.List(inspection.File, cancellationToken);
            return inspection with
            {
                Format = inspection.Format ?? WeightFormat.Onnx,
                Tensors = listing.Tensors,
                Fits = listing.Fits,
                Graph = new(listing.Opset, listing.OperatorCounts),
            };
        }
        // Whether the file can be used, and why not, is found by using it.
        catch (ModelFormatException)
        {
            return inspection;
        }
    }
}
