namespace ILGpuMobileNet.Host;

/// <summary>Reads a classifier's output: which classes, under which names, with which scores.</summary>
internal sealed class ClassReader
{
    private readonly bool _areScores;

    /// <summary>Gets ready to read a network's output.</summary>
    /// <param name="model">The network.</param>
    /// <param name="labels">Text file with one label per line; null means the model's own labels, or numbers.</param>
    /// <param name="topCount">How many classes to list.</param>
    /// <param name="cancellationToken">Stops reading the labels.</param>
    /// <exception cref="ArgumentException">The network is no classifier of pictures.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The labels cannot be used.</exception>
    /// <exception cref="IOException">The labels cannot be read.</exception>
    public ClassReader(LoadedModel model, string? labels, int topCount, CancellationToken cancellationToken)
    {
        if (Refusal(model) is { } refusal)
        {
            throw new ArgumentException(refusal);
        }
        var classCount = model.Model.Graph.Output.Channels;
        Labels = labels is null
            ? model.Labels ?? Labels.Numbered(classCount)
            : Labels.Read(labels, classCount, cancellationToken);
        (TopCount, _areScores) = (Math.Min(topCount, classCount), model.EndsInSoftmax);
    }

    /// <summary>Names of the classes.</summary>
    public Labels Labels { get; }

    /// <summary>How many classes are listed: no more than there are.</summary>
    public int TopCount { get; }

    /// <summary>The best classes, best first.</summary>
    /// <param name="output">One image's output, <c>[C]</c>.</param>
    /// <exception cref="NotFiniteNumberException">An output is NaN or infinite.</exception>
    public IReadOnlyList<Prediction> Best(ReadOnlySpan<float> output)
    {
        var scores = _areScores ? Scores.Finite(output) : Scores.Softmax(output);
        return
        [
            .. Scores.Largest(scores, TopCount).Select(index => new Prediction(Labels[index], index, scores[index])),
        ];
    }

    /// <summary>Why a network is no classifier of pictures; null when it is one.</summary>
    /// <param name="model">The network.</param>
    public static string? Refusal(LoadedModel model)
    {
        var (input, output) = (model.Model.Graph.Input, model.Model.Graph.Output);
        return (input.Channels, output.PixelCount) switch
        {
            (3, 1) => null,
            (3, _) =>
                $"'{model.Name}' ends in a {output} feature map, not in classes. Run it with 'mobilenet run' or a session.",
            _ => $"'{model.Name}' reads {input} arrays, not pictures of 3 channels.",
        };
    }
}
