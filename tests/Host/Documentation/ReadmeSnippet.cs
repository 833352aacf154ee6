namespace ILGpuMobileNet.Host.Tests.Documentation;

/// <summary>The README's first C# block, compiled and run.</summary>
internal static class ReadmeSnippet
{
    public static async Task RunAsync()
    {
        // snippet
        using var classifier = await Classifier.LoadAsync();
        var result = classifier.Classify("samples/invoice_serif_180.png");
        Console.WriteLine(result.Top);
        // end of snippet
    }
}
