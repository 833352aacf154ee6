namespace ILGpuMobileNet.Cli.Tests;

/// <summary>Tests that measure; no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuringTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "measuring";
}
