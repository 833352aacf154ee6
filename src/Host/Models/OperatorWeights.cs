using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// The tensors that the operators of a file use, beside those that a network takes by their names: initializers may be
/// used at another node than they are called after, scaled, or not at all.
/// </summary>
internal sealed class OperatorWeights
{
    private readonly FileComputation _computation;
    private readonly Dictionary<string, ParameterMatch> _bound;
    private readonly CancellationToken _cancellationToken;

    /// <summary>Finds the tensors that the network takes.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="computation">What its operators compute.</param>
    /// <param name="own">The network, in the form.</param>
    /// <param name="form">Names and layout of the file.</param>
    /// <param name="cancellationToken">Ends the reading of tensors early.</param>
    public OperatorWeights(
        WeightFile file,
        FileComputation computation,
        NetworkGraph own,
        Form form,
        CancellationToken cancellationToken
    )
    {
        (_computation, _cancellationToken) = (computation, cancellationToken);
        _bound = FormMatch
            .Best(new(file), form.ParametersOf(own))
            .Pairs.Where(pair => pair.Tensor is not null)
            .ToDictionary(pair => pair.Parameter.Parameter.Name, StringComparer.Ordinal);
    }

    /// <summary>Layers of the file before the first operator that cannot be read and left a gap; null where none did.</summary>
    public int? LayersBeforeGap => _computation.LayersBeforeGap;

    /// <summary>Whether the file may end before the network does.</summary>
    public bool MayLackHead { get; init; }

    /// <summary>
    /// Trained layers of the network that count, from the first on, where the file goes on in a way of its own; null for all
    /// of them and the output.
    /// </summary>
    public int? Trunk { get; init; }

    /// <summary>What two layers of one kind take otherwise.</summary>
    /// <param name="own">The network's layer.</param>
    /// <param name="found">The file's.</param>
    public IEnumerable<NetworkDifference> Differences(Layer own, Layer found)
    {
        foreach (var ((role, parameter), (_, used)) in PartsOf(own).Zip(PartsOf(found)))
        {
            // What a head lacks is not held against it.
            if (parameter is not null && !_bound.ContainsKey(parameter.Name))
            {
                continue;
            }
            var bound = parameter is null ? null : _bound[parameter.Name];
            if (!_computation.Uses(used, bound, _cancellationToken))
            {
                yield return new(
                    DifferingItem.Weights,
                    new(TrainedLayer.PlaceOf(own), Words(role, bound?.Tensor!.Name)),
                    new(TrainedLayer.PlaceOf(found), Words(role, used?.Name))
                )
                {
                    Kind = nameof(DifferingItem.Weights),
                };
            }
        }
    }

    private static (string Role, Parameter? Parameter)[] PartsOf(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => Parts(convolution.Weight, convolution.Bias),
            LinearLayer linear => Parts(linear.Weight, linear.Bias),
            BatchNormLayer { Statistics: var (scale, offset, mean, variance) } =>
            [
                ("scale", scale),
                ("offset", offset),
                ("mean", mean),
                ("variance", variance),
            ],
            _ => throw new ArgumentException($"Layer '{layer.Name}' takes no weights."),
        };

    private static (string Role, Parameter? Parameter)[] Parts(Parameter weight, Parameter? bias) =>
        [("weights", weight), ("bias", bias)];

    private static string Words(string role, string? tensor) =>
        tensor is null ? $"has no {role}" : $"takes '{tensor}' as its {role}";
}
