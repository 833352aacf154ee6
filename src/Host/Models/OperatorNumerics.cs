using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// What the operators beside the weights of a file compute, those of an ONNX file and the topology of a layers model, held
/// against the network that the weights are taken for. Other files have weights alone.
/// </summary>
internal sealed class OperatorNumerics
{
    private const string AsGraph =
        "To compute as the file says, convert it to a graph (tensorflowjs_converter --output_format=tfjs_graph_model).";

    private readonly WeightFile _file;
    private readonly FileComputation? _computation;
    private readonly CancellationToken _cancellationToken;
    private readonly NumericsOptions _forced;
    private readonly string? _fault;

    /// <summary>What was found of networks under the forced items, which is asked for several times.</summary>
    private readonly Dictionary<WeightFit, List<NetworkDifference>> _found = new(ReferenceEqualityComparer.Instance);

    private OperatorNumerics(
        WeightFile file,
        FileComputation? computation,
        string? fault,
        NumericsOptions? asked,
        CancellationToken cancellationToken
    )
    {
        (_file, _computation, _fault, _cancellationToken) = (file, computation, fault, cancellationToken);
        _forced = asked is { Force: true } ? asked : new();
    }

    /// <summary>Reads the operators of a file, where it has any.</summary>
    /// <param name="file">The file of weights.</param>
    /// <param name="fit">A network that its tensors fit.</param>
    /// <param name="asked">What the user says about the numerics.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static OperatorNumerics Of(
        WeightFile file,
        WeightFit fit,
        NumericsOptions? asked,
        CancellationToken cancellationToken
    )
    {
        var (computation, fault) = ComputationOf(file, fit, cancellationToken);
        return new(file, computation, fault, asked, cancellationToken);
    }

    private static (FileComputation? Computation, string? Fault) ComputationOf(
        WeightFile file,
        WeightFit fit,
        CancellationToken cancellationToken
    )
    {
        // At a resolution with even sizes, where ways of padding differ; whatever the network is used at.
        try
        {
            var computation = file.ReadComputation(fit.Architecture.DefaultResolution, cancellationToken);
            return (computation, computation?.Fault);
        }
        // A layers model that contradicts itself is damaged.
        catch (ModelFormatException fault) when (file.Format == WeightFormat.Onnx)
        {
            return (null, fault.Message);
        }
    }

    /// <summary>The networks that the operators compute; all, where they are none of these.</summary>
    /// <param name="fits">Networks that the file's tensors fit equally.</param>
    public List<WeightFit> Agreeing(IEnumerable<WeightFit> fits)
    {
        var all = fits.ToList();
        var agreeing = all.FindAll(fit => IsAs(fit));
        return agreeing.Count > 0 ? agreeing : all;
    }

    /// <summary>Refuses weights whose operators are not those of their network, but for items that the user forces.</summary>
    /// <param name="fit">The network.</param>
    /// <param name="equal">Networks that the tensors fit as well.</param>
    /// <exception cref="ModelFormatException">They are others; the message names both sides of everything that differs.</exception>
    public void Check(WeightFit fit, IEnumerable<WeightFit> equal)
    {
        var differences = Decided(Differences(fit));
        if (differences.Count > 0)
        {
            throw new ModelFormatException(
                _file.Path,
                $"its tensors are those of {fit}, {NetworkDifference.Words(differences, "the file")}.",
                Remedy(fit, equal, differences)
            );
        }
    }

    /// <summary>Refuses weights whose operators normalise the image otherwise than it is prepared.</summary>
    /// <param name="fit">The network.</param>
    /// <param name="way">How pictures are prepared.</param>
    /// <exception cref="ModelFormatException">They do; the message names both sides.</exception>
    public void CheckInput(WeightFit fit, Preprocessing way)
    {
        if (
            _computation is { Graph: { } graph }
            && InputFactors.Of(graph, _computation.ValuesOf) is { } factors
            && factors.LargestPixelAs(way) is null
        )
        {
            throw new ModelFormatException(
                _file.Path,
                $"its tensors are those of {fit}, whose pictures are normalised {InputFactors.Words(way)}, but in the file "
                    + $"{factors}.",
                factors.Stated(way.Order) is var (options, pixels)
                    ? $"To prepare pictures as the file does, of {pixels}, add {options} (in the library PreprocessingChanges)."
                    : AsTheFile(fit)
            );
        }
    }

    /// <summary>What was taken for granted, in sentences.</summary>
    /// <param name="fit">The network that the weights are taken for.</param>
    public IEnumerable<string> Assumptions(WeightFit fit)
    {
        if (_fault is not null)
        {
            yield return $"Its operators cannot be read: that they compute what {fit.Architecture} does is assumed. {_fault}";
        }
        if (_computation is { Unread: { } unread, LayersBeforeGap: var gap })
        {
            var place = gap is null ? "there" : "there and behind it";
            yield return $"Its {unread} cannot be read: that it computes what {fit.Architecture} does {place} is assumed.";
        }
        if (Differences(fit).Find(difference => difference.Item == DifferingItem.Undecided) is { Found: var found })
        {
            yield return $"In the file {found}, which are not known to be a part of {fit.Architecture}: that they are is assumed.";
        }
    }

    private bool IsAs(WeightFit fit) => Decided(Differences(fit)).Count == 0;

    private static List<NetworkDifference> Decided(List<NetworkDifference> differences) =>
        differences.FindAll(difference => difference.Item is not (DifferingItem.Undecided or DifferingItem.Unread));

    private List<NetworkDifference> Differences(WeightFit fit)
    {
        if (!_found.TryGetValue(fit, out var differences))
        {
            differences = Differences(fit, _forced);
            _found.Add(fit, differences);
        }
        return differences;
    }

    // Items that are forced are the user's, whatever the file says.
    private List<NetworkDifference> Differences(WeightFit fit, NumericsOptions forced)
    {
        if (_computation is not { Graph: { } found })
        {
            return [];
        }
        var family = forced.ApplyTo(fit.Form.Family, $"the form of {fit.Form} of {fit.Architecture}");
        var resolution = new Extent(found.Input.Height, found.Input.Width);
        var own = Build(fit, family, resolution);
        var weights = new OperatorWeights(_file, _computation, own, fit.Form, _cancellationToken)
        {
            MayLackHead = fit.IsHeadless,
            Trunk = fit.HasOwnHead ? TrunkLength(own, fit.UsedCount) : null,
        };
        return
        [
            .. NetworkComparison
                .Of(own, found, asWeights: true, family.Padding == PaddingRule.Symmetric, weights)
                .Where(difference => !IsForced(difference, family)),
        ];
    }

    private NetworkGraph Build(WeightFit fit, Family family, Extent resolution)
    {
        try
        {
            return fit.Architecture.Build(fit.Options with { Resolution = resolution, Family = family });
        }
        catch (ArgumentException fault)
        {
            throw new ModelFormatException(
                _file.Path,
                $"its input is {resolution}, which {fit} cannot have: {fault.Message}",
                "Save it with another input.",
                fault
            );
        }
    }

    /// <summary>The trained layers that a number of parameters, from the first on, are enough for.</summary>
    private static int TrunkLength(NetworkGraph own, int parameterCount)
    {
        var trained = TrainedLayer
            .Of(own)
            .Select(layer => layer.Layer)
            .ToHashSet<Layer>(ReferenceEqualityComparer.Instance);
        var used = 0;
        return own
            .Layers.TakeWhile(layer => (used += layer.Parameters.Length) <= parameterCount)
            .Count(trained.Contains);
    }

    private bool IsForced(NetworkDifference difference, Family family) =>
        difference.Item switch
        {
            DifferingItem.Epsilon => _forced.BatchNormEpsilon is not null,
            DifferingItem.Padding => _forced.Padding is not null,
            DifferingItem.Gate => _forced.Gate is not null,
            DifferingItem.Activation => _forced.Relu is not null && difference.Own.Activation == family.Relu,
            _ => false,
        };

    private string Remedy(WeightFit fit, IEnumerable<WeightFit> equal, List<NetworkDifference> differences)
    {
        if (equal.FirstOrDefault(other => IsAs(other)) is { Form: var form })
        {
            return $"Its operators are those of {form}: name that, --ecosystem {form} (in the library Ecosystem), or a "
                + "contract of it.";
        }
        return
            Stated(differences).FirstOrDefault(stated => Decided(Differences(fit, stated)).Count == 0) is { } sufficient
            ? NumericsOptions.RemedyBy(
                sufficient.DifferencesFrom(fit.Form.Family).Select(item => $"--{item.Item} {item.Stated}")
            )
            : AsTheFile(fit);
    }

    private string AsTheFile(WeightFit fit) =>
        _file.Format == WeightFormat.TensorFlowJsLayers ? AsGraph
        : _computation!.Unread is { } unread
            ? $"Export the network again as {fit.Architecture} is; the graph itself cannot be used, as its {unread} cannot be "
                + "read."
        : $"To compute as the file says, load it as the graph that it is, without naming an architecture: --model {_file.Path} "
            + "(in the library Model).";

    // What the file says, as far as options can say it, beside what is forced already.
    private IEnumerable<NumericsOptions> Stated(List<NetworkDifference> differences)
    {
        IEnumerable<DifferingSide> Found(DifferingItem item) =>
            differences.Where(difference => difference.Item == item).Select(difference => difference.Found);

        var stated = _forced with
        {
            BatchNormEpsilon = Found(DifferingItem.Epsilon).FirstOrDefault().Epsilon ?? _forced.BatchNormEpsilon,
            Gate = Found(DifferingItem.Gate).FirstOrDefault().Activation ?? _forced.Gate,
            Relu = Found(DifferingItem.Activation).FirstOrDefault().Activation
                is { Kind: ActivationKind.Relu or ActivationKind.Relu6 } relu
                ? relu
                : _forced.Relu,
            Force = true,
        };
        return Found(DifferingItem.Padding).Any()
            ? Enum.GetValues<PaddingRule>().Select(rule => stated with { Padding = rule })
            : [stated];
    }
}
