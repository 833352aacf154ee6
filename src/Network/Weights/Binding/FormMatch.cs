using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>A parameter with the tensor that has one of its names.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Tensor">The tensor; null where the file has none.</param>
internal sealed record ParameterMatch(StoredParameter Parameter, StoredTensor? Tensor);

/// <summary>A network's parameters beside a file's tensors, under the naming that finds most of them.</summary>
internal sealed class FormMatch
{
    private readonly TensorIndex _index;
    private readonly string _prefix;
    private readonly string _scope;

    private FormMatch(TensorIndex index, string prefix, string scope, IEnumerable<StoredParameter> parameters)
    {
        (_index, _prefix, _scope) = (index, prefix, scope);
        Pairs =
        [
            .. parameters.Select(parameter => new ParameterMatch(parameter, index.Find(prefix, NamesIn(parameter)))),
        ];
    }

    private FormMatch(FormMatch whole, IEnumerable<ParameterMatch> pairs)
    {
        (_index, _prefix, _scope) = (whole._index, whole._prefix, whole._scope);
        Pairs = [.. pairs];
    }

    /// <summary>Every parameter with the tensor that has one of its names.</summary>
    public IReadOnlyList<ParameterMatch> Pairs { get; }

    /// <summary>Parameters whose name the file has.</summary>
    public int MatchedCount => Pairs.Count(pair => pair.Tensor is not null);

    /// <summary>The name by which the first parameter was looked for.</summary>
    public string FirstName => NameOf(Pairs[0].Parameter);

    /// <summary>Names in the graph of the parameters that the file has not.</summary>
    public IReadOnlySet<string> Lacking =>
        Pairs
            .Where(pair => pair.Tensor is null)
            .Select(pair => pair.Parameter.Parameter.Name)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Names in the graph of the parameters that the file has not, or in another shape.</summary>
    public IReadOnlySet<string> Unfit =>
        Pairs
            .Where(pair => pair.Tensor is not { } tensor || !Fits(pair.Parameter, tensor))
            .Select(pair => pair.Parameter.Parameter.Name)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Parameters that the file has not, with the shapes they should have.</summary>
    public IEnumerable<string> Missing =>
        Pairs
            .Where(pair => pair.Tensor is null)
            .Select(pair => $"'{NameOf(pair.Parameter)}' {GraphRules.Text(pair.Parameter.UsualShape)}");

    /// <summary>Tensors whose shape is not the one that their name stands for.</summary>
    public IEnumerable<string> Misshaped =>
        Pairs
            .Where(pair => pair.Tensor is { } tensor && !Fits(pair.Parameter, tensor))
            .Select(pair =>
                $"'{pair.Tensor!.Name}' is {GraphRules.Text(pair.Tensor.Shape)}, expected "
                + GraphRules.Text(pair.Parameter.ShapeAt(pair.Tensor.Shape.Length) ?? pair.Parameter.UsualShape)
            );

    /// <summary>Tensors that no parameter uses.</summary>
    /// <param name="isWhole">
    /// False for a network that ends in a feature map: what is outside the prefix of its names belongs to what reads it.
    /// </param>
    public IEnumerable<string> Unused(bool isWhole) =>
        _index.Unused(Pairs.Select(pair => pair.Tensor).OfType<StoredTensor>(), isWhole ? "" : _prefix);

    /// <summary>The same without some parameters: the tensors that the file has for these are unused.</summary>
    /// <param name="names">Their names in the graph.</param>
    public FormMatch Without(IReadOnlySet<string> names) =>
        new(this, Pairs.Where(pair => !names.Contains(pair.Parameter.Parameter.Name)));

    /// <summary>Whether the file has the most of the parameters a second time, below another prefix.</summary>
    public bool HasTwice() =>
        _index
            .PrefixesOf(Pairs[0].Parameter.Names)
            .Any(prefix =>
                prefix != _prefix
                && 2 * Pairs.Count(pair => _index.Find(prefix, pair.Parameter.Names) is not null) > Pairs.Count
            );

    /// <summary>The best match of a network with a file.</summary>
    /// <param name="index">The file's tensors.</param>
    /// <param name="namings">The network's parameters as files have them, for every naming of its form.</param>
    public static FormMatch Best(TensorIndex index, IReadOnlyList<IReadOnlyList<StoredParameter>> namings) =>
        namings.SelectMany(parameters => Matches(index, parameters)).MaxBy(match => match.MatchedCount)!;

    private static IEnumerable<FormMatch> Matches(TensorIndex index, IReadOnlyList<StoredParameter> parameters)
    {
        foreach (var prefix in index.PrefixesOf(parameters[0].Names))
        {
            yield return new(index, prefix, scope: "", parameters);
        }
        var first = parameters[0].Names[0];
        var scope = first[..(first.AsSpan().IndexOfAny('.', '/') + 1)];
        if (scope.Length > 0 && index.Find("", [first[scope.Length..]]) is not null)
        {
            yield return new(index, prefix: "", scope, parameters);
        }
    }

    private static bool Fits(StoredParameter parameter, StoredTensor tensor) =>
        parameter.ShapeAt(tensor.Shape.Length) is { } shape && shape.SequenceEqual(tensor.Shape);

    /// <summary>The name by which a parameter was looked for.</summary>
    public string NameOf(StoredParameter parameter) => _prefix + NamesIn(parameter).FirstOrDefault(parameter.Names[0]);

    /// <summary>Names as a part of the network has them that was saved alone: <c>0.0.weight</c> of <c>features.0.0.weight</c>.</summary>
    private IEnumerable<string> NamesIn(StoredParameter parameter) =>
        _scope.Length == 0
            ? parameter.Names
            : parameter
                .Names.Where(name => name.StartsWith(_scope, StringComparison.Ordinal))
                .Select(name => name[_scope.Length..]);
}
