using System.Collections.Immutable;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Says what a file is, also where it is nothing that can be used.</summary>
public static class FileInspector
{
    /// <summary>Looks into a file; of weights no tensor is read, but the whole file for its hash.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FileInspection Inspect(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var inspection = new FileInspection
        {
            File = path,
            SizeInBytes = new FileInfo(path).Length,
            Sha256 = ContractSearch.HashOf(path, cancellationToken),
            Format = GraphFiles.FormatOf(path, cancellationToken),
        };
        return GraphFiles.IsGraph(inspection.Format)
            ? InspectGraph(inspection, cancellationToken)
            : InspectWeights(inspection, cancellationToken);
    }

    private static FileInspection InspectWeights(FileInspection inspection, CancellationToken cancellationToken)
    {
        try
        {
            using var file = WeightFiles.Open(inspection.File, cancellationToken);
            // A converted file has this library's own names, whatever its form.
            var fits = ModelDescription.IsIn(file.Metadata) ? [] : WeightIdentity.Identify(file);
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
            var claim = WeightClaims.Of(file, null, new(), cancellationToken);
            var graph = WeightedModel.Build(claim, new(), inspection.File);
            return inspection with { Model = ModelFacts.Of(claim, graph) };
        }
        catch (ModelFormatException fault)
        {
            return inspection with { Refusal = fault.Message };
        }
    }

    private static FileInspection InspectGraph(FileInspection inspection, CancellationToken cancellationToken)
    {
        var summary = OnnxSummary.Read(inspection.File, cancellationToken);
        if (summary is not null)
        {
            var operators = new GraphOperators(summary.Opset, summary.Operators);
            inspection = inspection with { Format = WeightFormat.Onnx, Graph = operators };
        }
        try
        {
            if (summary is not null)
            {
                inspection = inspection with { Tensors = TensorsOf(inspection.File, cancellationToken) };
            }
            var model = GraphModel.Load(new() { Model = inspection.File }, cancellationToken);
            return inspection with { Model = ModelFacts.Of(model) };
        }
        catch (ModelFormatException fault)
        {
            return inspection with { Refusal = fault.Message };
        }
    }

    private static ImmutableArray<StoredTensor> TensorsOf(string path, CancellationToken cancellationToken)
    {
        using var file = WeightFiles.Open(path, cancellationToken);
        return file.Tensors;
    }
}
