namespace ILGpuMobileNet.Host;

/// <summary>The classes that published weights were trained on.</summary>
public enum LabelSet
{
    /// <summary>None: the network ends in features, or its classes are not known.</summary>
    None,

    /// <summary>ImageNet's 1000 classes.</summary>
    ImageNet,

    /// <summary>TF-slim's 1001: a background class first, then ImageNet's.</summary>
    ImageNetWithBackground,

    /// <summary>How far a line of text is turned: 0 or 180 degrees.</summary>
    TextDirection,
}

/// <summary>What a set of labels says.</summary>
public static class LabelSets
{
    private static readonly Labels _textDirection = new(["0", "180"]);

    /// <summary>The names of a set's classes; null for <see cref="LabelSet.None"/>.</summary>
    /// <param name="set">The set.</param>
    public static Labels? Labels(this LabelSet set) =>
        set switch
        {
            LabelSet.ImageNet => Host.Labels.ImageNet,
            LabelSet.ImageNetWithBackground => Host.Labels.ImageNetWithBackground,
            LabelSet.TextDirection => _textDirection,
            _ => null,
        };
}
