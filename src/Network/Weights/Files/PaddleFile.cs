namespace ILGpuMobileNet.Network.Weights;

/// <summary>Opens what <c>paddle.save</c> makes of a layer's weights: a pickle of a dictionary of NumPy arrays.</summary>
internal static class PaddleFile
{
    /// <summary>An entry that says how Paddle calls the parameters inside; nobody needs it.</summary>
    private const string NameTable = "StructuredToParameterName@@";

    /// <summary>An entry that says which arrays are cut into pieces, for protocol 2 has none of more than 4 GB.</summary>
    private const string PieceTable = "UnpackBigParamInfor@@";

    /// <summary>Reads the pickle and steps over its arrays.</summary>
    /// <param name="stream">The file; the result owns it.</param>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or holds more than arrays.</exception>
    public static WeightFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        var vocabulary = new NumpyVocabulary(path);
        var content = PickleMachine.Read(new PickleReader(stream, 0, stream.Length, cancellationToken), vocabulary);
        if (content is PickleDictionary dictionary)
        {
            if (dictionary.Items.Exists(item => IsNamed(item.Key, PieceTable)))
            {
                throw vocabulary.Fault($"has arrays cut into pieces ('{PieceTable}'), which are not put together.");
            }
            dictionary.Items.RemoveAll(item => IsNamed(item.Key, NameTable));
        }
        var (places, metadata) = StateDictionary.Find(content, stream.Length, vocabulary);
        return new StreamWeightFile(path, WeightFormat.Paddle, stream, places, metadata);
    }

    private static bool IsNamed(object? key, string name) => key is PickleBytes { Text: { } text } && text == name;
}
