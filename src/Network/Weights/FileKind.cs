namespace ILGpuMobileNet.Network.Weights;

/// <summary>What the first bytes of a file say.</summary>
/// <param name="Description">The kind with its article, for errors.</param>
/// <param name="Format">The format it would be read as; null for a file that holds no weights.</param>
internal sealed record FileKind(string Description, WeightFormat? Format = null);
