namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>Names of a convolution, its batch normalisation and its activation.</summary>
/// <param name="Convolution">The convolution; its weights are <c>{name}.weight</c> and <c>{name}.bias</c>.</param>
/// <param name="BatchNorm">The batch normalisation; null where there is none.</param>
/// <param name="Activation">The activation.</param>
public sealed record UnitNames(string Convolution, string? BatchNorm, string Activation)
{
    /// <summary><c>{name}</c>, <c>{name}_bn</c>.</summary>
    /// <param name="name">Name of the convolution.</param>
    public static UnitNames Plain(string name) => new(name, $"{name}_bn", $"{name}.activation");

    /// <summary><c>{name}</c>, without a batch normalisation.</summary>
    /// <param name="name">Name of the convolution.</param>
    public static UnitNames WithoutBatchNorm(string name) => new(name, null, $"{name}.activation");

    /// <summary>A convolution and a batch normalisation with names of their own.</summary>
    /// <param name="convolution">Name of the convolution.</param>
    /// <param name="batchNorm">Name of the batch normalisation.</param>
    internal static UnitNames Normalised(string convolution, string batchNorm) =>
        new(convolution, batchNorm, $"{convolution}.activation");

    /// <summary><c>{scope}.{first}</c> and the two indices that follow, as PyTorch numbers a sequence.</summary>
    /// <param name="scope">Path of the sequence.</param>
    /// <param name="first">Index of the convolution.</param>
    internal static UnitNames Sequence(string scope, int first = 0) =>
        new($"{scope}.{first}", $"{scope}.{first + 1}", $"{scope}.{first + 2}");
}

/// <summary>Names of a squeeze-excite.</summary>
/// <param name="Pool">The global average.</param>
/// <param name="Reduce">The convolution to fewer channels.</param>
/// <param name="Expand">The convolution back to all channels.</param>
/// <param name="Scale">The product of features and gate.</param>
public sealed record SqueezeExciteNames(string Pool, UnitNames Reduce, UnitNames Expand, string Scale)
{
    /// <summary><c>reduce</c> and <c>expand</c> within a scope.</summary>
    /// <param name="scope">Path of the block; empty for none.</param>
    public static SqueezeExciteNames Plain(string scope = "") => Named(scope, "reduce", "expand");

    /// <summary>Two convolutions with names of their own within a scope.</summary>
    /// <param name="scope">Path of the block; empty for none.</param>
    /// <param name="reduce">Name of the first convolution.</param>
    /// <param name="expand">Name of the second.</param>
    internal static SqueezeExciteNames Named(string scope, string reduce, string expand) =>
        Of(scope, Scope.Join(scope, reduce), Scope.Join(scope, expand));

    /// <summary>Two convolutions with full names of their own.</summary>
    /// <param name="scope">Path of the block; empty for none.</param>
    /// <param name="reduce">Full name of the first convolution.</param>
    /// <param name="expand">Full name of the second.</param>
    internal static SqueezeExciteNames Of(string scope, string reduce, string expand) =>
        new(
            Scope.Join(scope, "avgpool"),
            UnitNames.WithoutBatchNorm(reduce),
            UnitNames.WithoutBatchNorm(expand),
            Scope.Join(scope, "scale")
        );
}

/// <summary>Names of a depthwise-separable convolution.</summary>
/// <param name="Depthwise">The depthwise convolution.</param>
/// <param name="SqueezeExcite">The squeeze-excite, where the block has one.</param>
/// <param name="Pointwise">The pointwise convolution.</param>
public sealed record DepthwiseSeparableNames(UnitNames Depthwise, SqueezeExciteNames SqueezeExcite, UnitNames Pointwise)
{
    /// <summary><c>depthwise</c>, <c>se.reduce</c>, <c>se.expand</c> and <c>pointwise</c> within a scope.</summary>
    /// <param name="scope">Path of the block; empty for none.</param>
    /// <param name="pointwise">Name of the pointwise convolution.</param>
    public static DepthwiseSeparableNames Plain(string scope = "", string pointwise = "pointwise") =>
        new(
            UnitNames.Plain(Scope.Join(scope, "depthwise")),
            SqueezeExciteNames.Plain(Scope.Join(scope, "se")),
            UnitNames.Plain(Scope.Join(scope, pointwise))
        );
}

/// <summary>Names of an inverted residual.</summary>
/// <param name="Expand">The expansion, where the block has one.</param>
/// <param name="Separable">The depthwise convolution, the squeeze-excite and the projection.</param>
/// <param name="Add">The sum with the shortcut.</param>
public sealed record InvertedResidualNames(UnitNames Expand, DepthwiseSeparableNames Separable, string Add)
{
    /// <summary><c>expand</c>, <c>depthwise</c>, <c>se.reduce</c>, <c>se.expand</c> and <c>project</c> within a scope.</summary>
    /// <param name="scope">Path of the block; empty for none.</param>
    public static InvertedResidualNames Plain(string scope = "") =>
        new(
            UnitNames.Plain(Scope.Join(scope, "expand")),
            DepthwiseSeparableNames.Plain(scope, "project"),
            Scope.Join(scope, "add")
        );
}

/// <summary>Module paths.</summary>
internal static class Scope
{
    public static string Join(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";
}
