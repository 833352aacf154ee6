using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>The one place that turns a model's name into a network: an architecture, an ONNX file, or the trained default.</summary>
public static class ModelSource
{
    private static readonly FeatureShape TextDirectionInput = new(48, 192, 3);

    /// <summary>The network without its weights.</summary>
    /// <param name="options">Which network.</param>
    /// <param name="cancellationToken">Stops reading a file.</param>
    /// <exception cref="ArgumentException">There is no such network or variant, or the options do not go together.</exception>
    /// <exception cref="ModelFormatException">The file is no network that can be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static NetworkGraph LoadGraph(ModelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsFile(options.Model) ? LoadOnnx(options, cancellationToken).Model.Graph : BuildGraph(options);
    }

    /// <summary>The network with its weights.</summary>
    /// <param name="options">Which network and which weights.</param>
    /// <param name="cancellationToken">Stops reading a file.</param>
    /// <exception cref="ArgumentException">There is no such network or variant, or the options do not go together.</exception>
    /// <exception cref="ModelFormatException">A file cannot be used, or its weights do not fit the network.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static LoadedModel Load(ModelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsFile(options.Model)
            ? LoadOnnx(options, cancellationToken)
            : LoadArchitecture(options, cancellationToken);
    }

    /// <summary>Whether a name stands for a file with weights of its own, not for an architecture.</summary>
    /// <param name="model">As <see cref="ModelOptions.Model"/> has it.</param>
    public static bool IsFile(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model == PretrainedModel.TextDirectionName
            || model.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
    }

    private static LoadedModel LoadOnnx(ModelOptions options, CancellationToken cancellationToken)
    {
        RefuseArchitectureOptions(options);
        var path = options.Model == PretrainedModel.TextDirectionName ? PretrainedModel.Find() : options.Model;
        var isTrainedDefault = PretrainedModel.IsTextDirection(path);
        var input = options.Resolution is { } size ? new FeatureShape(size.Height, size.Width, 3) : (FeatureShape?)null;
        input ??= isTrainedDefault ? TextDirectionInput : null;
        var model = OnnxModel.Read(path, new OnnxReadOptions { Input = input }, cancellationToken);
        var contract = isTrainedDefault ? Preprocessing.PaddleTextDirection : Preprocessing.ImageNet;
        var labels = isTrainedDefault ? PretrainedModel.TextDirectionLabels : null;
        return new(options.Model, model, options.Preprocessing ?? contract, labels);
    }

    private static void RefuseArchitectureOptions(ModelOptions options)
    {
        var isPlain =
            options is { Weights: null, RandomSeed: null, Width: null, Classes: null } && !options.ReducedTail;
        if (!isPlain)
        {
            throw new ArgumentException(
                $"'{options.Model}' brings its own weights and shape; weights, random seed, width, classes and reduced "
                    + "tail apply to architecture names only. Leave them out."
            );
        }
    }

    private static LoadedModel LoadArchitecture(ModelOptions options, CancellationToken cancellationToken)
    {
        var graph = BuildGraph(options);
        var weights = (options.Weights, options.RandomSeed) switch
        {
            (null, { } seed) => WeightFormula.Create(graph, seed),
            ({ } path, null) => ReadWeights(path, cancellationToken),
            _ => throw new ArgumentException(
                $"'{options.Model}' needs either a weight file (--weights FILE.safetensors) or a seed "
                    + "(--random-weights SEED); in the library the options Weights and RandomSeed."
            ),
        };
        weights.Check(graph);
        var preprocessing = options.Preprocessing ?? ContractOf(graph.Name);
        return new(graph.Name, new Model(graph, weights), preprocessing, null);
    }

    private static WeightSet ReadWeights(string path, CancellationToken cancellationToken)
    {
        using var file = WeightFiles.Open(path, cancellationToken);
        return file.ReadAll(cancellationToken);
    }

    private static NetworkGraph BuildGraph(ModelOptions options)
    {
        var architecture = ArchitectureOf(options.Model);
        var variant = new ArchitectureOptions
        {
            Width = options.Width,
            Resolution = options.Resolution,
            Classes = options.Classes,
            ReducedTail = options.ReducedTail,
        };
        return architecture.Build(variant);
    }

    private static Architecture ArchitectureOf(string name)
    {
        if (File.Exists(name))
        {
            throw new ArgumentException(
                $"'{name}' is a file; a model file is an ONNX graph and its name ends in .onnx."
            );
        }
        try
        {
            return ArchitectureCatalog.Get(name);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException(
                $"{fault.Message} The trained model is '{PretrainedModel.TextDirectionName}', a file ends in .onnx.",
                fault
            );
        }
    }

    private static Preprocessing ContractOf(string architecture) =>
        architecture switch
        {
            "mobilenet_v1_keras" or "mobilenet_v2_relu" or "mobilenet_v3_small_keras" => Preprocessing.KerasTf,
            "mobilenet_v3_small_x0_35" => Preprocessing.PaddleTextDirection,
            _ => Preprocessing.ImageNet,
        };
}
