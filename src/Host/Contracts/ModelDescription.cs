using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// What a converted file says about itself in its metadata: everything that its use needs besides its tensors, which
/// have this library's names and layout.
/// </summary>
internal sealed record ModelDescription
{
    private const string Prefix = "mobilenet.";
    private const string Version = "1";
    private const string Forced = "numerics_forced";
    private const string Random = "random_layers";

    private static readonly HashSet<string> _keys =
    [
        "version",
        "architecture",
        "ecosystem",
        "width",
        "resolution",
        "classes",
        "reduced_tail",
        "epsilon",
        "padding",
        "gate",
        "activation",
        Forced,
        Random,
        "contract",
        "labels",
        .. ItemsOf(Preprocessing.ImageNet).Select(item => item.Key),
    ];

    /// <summary>Name of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The ecosystem whose form of the architecture the weights are for.</summary>
    public required string Ecosystem { get; init; }

    /// <summary>Width multiplier.</summary>
    public required double Width { get; init; }

    /// <summary>Rows and columns of the input.</summary>
    public required Extent Resolution { get; init; }

    /// <summary>Number of classes; null for a network that ends in features.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether the last stage has half the channels.</summary>
    public bool ReducedTail { get; init; }

    /// <summary>The arithmetic: the form's, or what was forced in its place.</summary>
    public required NumericsOptions Numerics { get; init; }

    /// <summary>How pictures become inputs.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Name of the contract, where the weights have one that is known.</summary>
    public string? Contract { get; init; }

    /// <summary>Names of the classes, where they are known.</summary>
    public Labels? Labels { get; init; }

    /// <summary>Layers that have random weights, which nobody trained.</summary>
    public ImmutableArray<RandomLayer> RandomLayers { get; init; } = [];

    /// <summary>What the item of the <see cref="RandomLayers"/> is called in metadata.</summary>
    public static string RandomItem => Prefix + Random;

    /// <summary>Architecture and form: <c>mobilenet_v2 of keras</c>.</summary>
    private string Network => $"{Architecture} of {Ecosystem}";

    /// <summary>Items of the arithmetic that are other than the form's, which was forced.</summary>
    private IEnumerable<NumericsDifference> ForcedNumerics =>
        Numerics.DifferencesFrom(ArchitectureCatalog.Get(Architecture).FormOf(Ecosystem).Family);

    private string ForcedItems => string.Join(',', ForcedNumerics.Select(item => item.Item));

    /// <summary>Whether metadata are such a description, whole or not.</summary>
    /// <param name="metadata">A file's metadata.</param>
    public static bool IsIn(ImmutableDictionary<string, string> metadata) =>
        metadata.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>The description as metadata.</summary>
    public SortedDictionary<string, string> ToMetadata()
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in Items().Concat(ItemsOf(Preprocessing)))
        {
            metadata.Add(Prefix + key, text);
        }
        return metadata;
    }

    /// <summary>Reads a description back.</summary>
    /// <param name="metadata">A file's metadata, of which <see cref="IsIn"/> is true.</param>
    /// <param name="path">The file, for errors.</param>
    /// <exception cref="ModelFormatException">
    /// An item is missing, unknown or makes no sense, or items contradict each other.
    /// </exception>
    public static ModelDescription Read(ImmutableDictionary<string, string> metadata, string path)
    {
        var items = new MetadataItems(metadata, Prefix, path);
        items.Expect("version", Version);
        items.RefuseOthers(_keys);
        var architecture = items.Required("architecture", ArchitectureCatalog.Get);
        var form = items.Required("ecosystem", architecture.FormOf);
        var classes = ReadClasses(items, architecture);
        var description = new ModelDescription
        {
            Architecture = architecture.Name,
            Ecosystem = form.Ecosystem,
            Width = items.Required("width", ItemText.ParsePositive),
            Resolution = items.Required("resolution", ItemText.ParseExtent),
            Classes = classes,
            ReducedTail = items.Required("reduced_tail", ParseBoolean),
            Numerics = ReadNumerics(items),
            Preprocessing = ReadPreprocessing(items),
            Contract = items.Optional("contract", text => ParseContract(text, architecture, form)),
            Labels = items.Optional("labels", text => ParseLabels(text, classes), Labels.MaximalFileSizeInBytes),
            RandomLayers = items.Optional<ImmutableArray<RandomLayer>?>(Random, text => RandomLayer.Parse(text)) ?? [],
        };
        description.CheckForced(items);
        return description;
    }

    /// <summary>How pictures become inputs, item by item.</summary>
    /// <param name="preprocessing">The whole of it.</param>
    public static IEnumerable<(string Key, string Text)> ItemsOf(Preprocessing preprocessing) =>
        [
            ("resize", ItemText.Of(preprocessing.Resize)),
            ("shorter_side_ratio", ItemText.Of(preprocessing.ShorterSideRatio)),
            ("rounding", ItemText.Of(preprocessing.Rounding)),
            ("interpolation", ItemText.Of(preprocessing.Interpolation)),
            ("antialias", Of(preprocessing.Antialias)),
            ("channel_order", ItemText.Of(preprocessing.Order)),
            ("mean", ItemText.Of(preprocessing.Mean)),
            ("std", ItemText.Of(preprocessing.Std)),
        ];

    // A network that ends in features has none; building it refuses them.
    private static int? ReadClasses(MetadataItems items, Architecture architecture)
    {
        const string key = "classes";
        return architecture.DefaultClasses is null ? items.Optional(key, Parse) : items.Required(key, Parse);

        static int? Parse(string text) => ItemText.ParseInteger(text, 1, int.MaxValue);
    }

    private static string ParseContract(string text, Architecture architecture, Form form)
    {
        var contract = ContractCatalog.Get(text);
        return contract.Architecture == architecture.Name && contract.Ecosystem == form.Ecosystem
            ? contract.Name
            : throw new ArgumentException(
                $"{contract} is of {contract.Architecture} of {contract.Ecosystem}, but '{Prefix}architecture' and "
                    + $"'{Prefix}ecosystem' say {architecture} of {form}."
            );
    }

    /// <summary>What differs from the form has to be said to be forced, and nothing else.</summary>
    private void CheckForced(MetadataItems items)
    {
        var said = items.Optional(Forced, text => text);
        if ((said ?? "") == ForcedItems)
        {
            return;
        }
        var faults = ForcedNumerics
            .Select(item => $"'{Prefix}{item.Item}' is {item.Stated}, that of {Network} {item.Known}")
            .DefaultIfEmpty($"nothing differs from {Network}");
        throw items.Fault(
            $"its metadata contradict each other: {string.Join("; ", faults)}, but "
                + (
                    said is null
                        ? $"no '{Prefix}{Forced}' says that this is meant."
                        : $"'{Prefix}{Forced}' names {said}."
                ),
            "Where it is meant, convert with --force-numerics (in the library NumericsOptions.Force)."
        );
    }

    private static NumericsOptions ReadNumerics(MetadataItems items) =>
        new()
        {
            BatchNormEpsilon = items.Required("epsilon", ItemText.ParsePositive),
            Padding = items.Required("padding", ItemText.Parse<PaddingRule>),
            Gate = items.Required("gate", ItemText.ParseActivation),
            Relu = items.Required("activation", ItemText.ParseRelu),
            Force = true,
        };

    private static Preprocessing ReadPreprocessing(MetadataItems items) =>
        new()
        {
            Resize = items.Required("resize", ItemText.Parse<ResizeRule>),
            ShorterSideRatio = items.Required("shorter_side_ratio", ParseRatio),
            Rounding = items.Required("rounding", ItemText.Parse<ResizeRounding>),
            Interpolation = items.Required("interpolation", ItemText.Parse<Interpolation>),
            Antialias = items.Required("antialias", ParseBoolean),
            Order = items.Required("channel_order", ItemText.Parse<ChannelOrder>),
            Mean = items.Required("mean", ItemText.ParseColours),
            Std = items.Required("std", ItemText.ParseDeviations),
        };

    private static double ParseRatio(string text) =>
        ItemText.ParsePositive(text) is var ratio and >= 1 and <= Preprocessing.LargestRatio
            ? ratio
            : throw new ArgumentException($"{text} is not from 1 to {Preprocessing.LargestRatio}.");

    private IEnumerable<(string Key, string Text)> Items()
    {
        yield return ("version", Version);
        yield return ("architecture", Architecture);
        yield return ("ecosystem", Ecosystem);
        yield return ("width", ItemText.Of(Width));
        yield return ("resolution", ItemText.Of(Resolution));
        yield return ("reduced_tail", Of(ReducedTail));
        yield return ("epsilon", ItemText.Of(Numerics.BatchNormEpsilon!.Value));
        yield return ("padding", ItemText.Of(Numerics.Padding!.Value));
        yield return ("gate", ItemText.Of(Numerics.Gate!.Value));
        yield return ("activation", ItemText.Of(Numerics.Relu!.Value));
        if (ForcedItems is { Length: > 0 } forced)
        {
            yield return (Forced, forced);
        }
        if (!RandomLayers.IsEmpty)
        {
            yield return (Random, RandomLayer.TextOf(RandomLayers));
        }
        if (Classes is { } classes)
        {
            yield return ("classes", classes.ToString(CultureInfo.InvariantCulture));
        }
        if (Contract is not null)
        {
            yield return ("contract", Contract);
        }
        if (Labels is { } labels)
        {
            yield return ("labels", string.Join('\n', labels.Names));
        }
    }

    private static string Of(bool value) => value ? "true" : "false";

    private static bool ParseBoolean(string text) =>
        text switch
        {
            "true" => true,
            "false" => false,
            _ => throw new ArgumentException($"'{text}' is neither true nor false."),
        };

    private static Labels ParseLabels(string text, int? classes)
    {
        var names = text.Split('\n');
        return names.Length != classes
                ? throw new ArgumentException($"There are {names.Length} of them, for {classes ?? 0} classes.")
            : names.Any(string.IsNullOrWhiteSpace) ? throw new ArgumentException("One of them is blank.")
            : new(names);
    }
}
