using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The pictures of a command, and how many go through the network at once.</summary>
internal sealed class PictureArguments
{
    private const string Stdin = "-";

    private readonly Argument<string[]> _images = new("IMAGE|FOLDER")
    {
        Description = "Image files (PNG, JPEG, BMP, PNM) and folders of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _list = new("--list")
    {
        HelpName = "FILE|-",
        Description = "Text file with the path of an image on each line; - reads it from stdin.",
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
        command.Validators.Add(RequireAny);
        command.Add(_images);
        command.Add(_list);
        command.Add(_batch);
        command.Add(_recursive);
    }

    /// <summary>
    /// Whether the images can be gone through a second time: not where a list comes through stdin or a pipe, of which two
    /// readers would get a part each.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    public bool CanBeReadAgain(ParseResult arguments) =>
        arguments.GetValue(_list) is not { } list || list != Stdin && HasLength(list);

    /// <summary>The files that the user means.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellationToken">Stops reading a list.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public async Task<List<string>> FilesAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var files = await StreamAsync(arguments, cancellationToken).ToListAsync(cancellationToken);
        return files.Count > 0 ? files : throw NoImage();
    }

    /// <summary>The files that the user means, as they are found: any number of them.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellationToken">Stops reading a list.</param>
    public async IAsyncEnumerable<string> StreamAsync(
        ParseResult arguments,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var paths = arguments.GetValue(_images) ?? [];
        foreach (var file in ImageFolder.Enumerate(paths, arguments.GetValue(_recursive)))
        {
            yield return file;
        }
        if (arguments.GetValue(_list) is { } list)
        {
            var listed =
                list == Stdin
                    ? PathList.ReadAsync(Console.OpenStandardInput(), list, cancellationToken)
                    : PathList.ReadAsync(list, cancellationToken);
            await foreach (var file in listed)
            {
                yield return file;
            }
        }
    }

    /// <summary>What is wrong where nothing was found.</summary>
    public static FileNotFoundException NoImage() =>
        new("There is no image (.png, .jpg, .bmp, .pnm) in what was named.");

    /// <summary>Images that go through the network at once.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="imageCount">How many there are.</param>
    public int Batch(ParseResult arguments, int imageCount) => Math.Min(arguments.GetValue(_batch), imageCount);

    // A pipe has no length, whatever name it goes by: its own, or /dev/fd/63.
    private static bool HasLength(string path) =>
        new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)
            is { Exists: true, Length: > 0 };

    private void RequireAny(CommandResult command)
    {
        if (command.GetResult(_images) is not { Tokens.Count: > 0 } && command.GetResult(_list) is null)
        {
            command.AddError("Name images, folders, or a --list of images.");
        }
    }

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
