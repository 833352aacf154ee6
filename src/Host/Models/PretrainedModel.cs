namespace ILGpuMobileNet.Host;

/// <summary>The trained model that <c>eng/fetch-model</c> brings: PaddleOCR's text-direction classifier.</summary>
internal static class PretrainedModel
{
    public const string TextDirectionName = "text-direction";

    public const string FileName = "ppocr-text-direction.onnx";

    /// <summary>Its classes: how far the line of text is turned, in degrees.</summary>
    public static Labels TextDirectionLabels { get; } = new(["0", "180"]);

    /// <summary>
    /// The model file: in the folder that MOBILENET_MODELS names, else in <c>models</c> of the working directory, else
    /// in <c>models</c> beside the program or in a folder above it.
    /// </summary>
    /// <exception cref="FileNotFoundException">It is in none of them.</exception>
    public static string Find()
    {
        var folders = Folders().ToList();
        return folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"The model '{TextDirectionName}' ({FileName}) was looked for in {folders[0]} and, unless MOBILENET_MODELS "
                    + "names that folder, in 'models' beside and above the program. "
                    + $"Fetch it with 'eng/fetch-model {TextDirectionName}', or run ./mobilenet, which does so.",
                FileName
            );
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("MOBILENET_MODELS") is { Length: > 0 } named)
        {
            return [named];
        }
        return ProgramFolders().Prepend(Environment.CurrentDirectory).Select(folder => Path.Combine(folder, "models"));
    }

    private static IEnumerable<string> ProgramFolders()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
