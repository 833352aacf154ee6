using System.CommandLine;
using System.CommandLine.Parsing;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The pictures of a command, and how many go through the network at once.</summary>
internal sealed class PictureArguments
{
    private readonly Argument<string[]> _images = new("IMAGE|FOLDER")
    {
        Description = "Image files (PNG, JPEG, BMP, PNM) and folders of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _batch = Parsed
        .Option(
            "--batch",
            "N",
            "Images that go through the network at once.",
            text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch)
        )
        .WithDefault(new ClassifierOptions().MaximalBatch);

    private readonly Option<bool> _recursive = new("--recursive") { Description = "Folders within folders too." };

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _images.Validators.Add(images => RefuseUnknownOptions(images, command.Name));
        command.Add(_images);
        command.Add(_batch);
        command.Add(_recursive);
    }

    /// <summary>The files that the user means.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public List<string> Files(ParseResult arguments)
    {
        var paths = arguments.GetRequiredValue(_images);
        List<string> files = [.. ImageFolder.Enumerate(paths, arguments.GetValue(_recursive))];
        return files.Count > 0
            ? files
            : throw new FileNotFoundException("There is no image (.png, .jpg, .bmp, .pnm) in what was named.");
    }

    /// <summary>Images that go through the network at once.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="imageCount">How many there are.</param>
    public int Batch(ParseResult arguments, int imageCount) => Math.Min(arguments.GetValue(_batch), imageCount);

    // Whatever is no option would else be taken for a file.
    private static void RefuseUnknownOptions(ArgumentResult images, string command)
    {
        foreach (var token in images.Tokens.Where(token => token.Value.StartsWith('-')))
        {
            images.AddError(
                $"'{token.Value}' is no option of {command}; for a file of that name write './{token.Value}'."
            );
        }
    }
}
