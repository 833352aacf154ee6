using System.Security.Cryptography;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>The trained model that <c>eng/fetch-model</c> brings: PaddleOCR's text-direction classifier.</summary>
internal static class PretrainedModel
{
    public const string TextDirectionName = "text-direction";

    public const string FileName = "ppocr-text-direction.onnx";

    private const long SizeInBytes = 578966;

    /// <summary>The file as it is published.</summary>
    public static KnownFile TextDirection { get; } =
        new(FileName, "491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640");

    /// <summary>Its contract.</summary>
    public static WeightContract Contract => ContractCatalog.Get("paddleocr/ch_ppocr_mobile_v2.0_cls");

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
                $"The model '{TextDirectionName}' is missing: {FileName} was looked for in {Searched(folders)}. In this "
                    + $"library's repository 'eng/fetch-model {TextDirectionName}' or ./mobilenet fetches it; elsewhere "
                    + "set MOBILENET_MODELS to the folder that has it, or name another model.",
                FileName
            );
    }

    /// <summary>Whether a file is this model, whatever it is called.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">It is no regular file.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static bool IsTextDirection(string path)
    {
        using var stream = ModelFile.Open(path);
        return stream.Length == SizeInBytes && TextDirection.Is(Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("MOBILENET_MODELS") is { Length: > 0 } named)
        {
            return [named];
        }
        return ProgramFolders().Prepend(Environment.CurrentDirectory).Select(folder => Path.Combine(folder, "models"));
    }

    private static string Searched(List<string> folders) =>
        folders.Count == 1
            ? $"{folders[0]}, which MOBILENET_MODELS names"
            : $"{folders[0]} and in 'models' beside and above the program";

    private static IEnumerable<string> ProgramFolders()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
