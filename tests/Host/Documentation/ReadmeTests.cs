using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Reference;
using Microsoft.Extensions.DependencyInjection;

namespace ILGpuMobileNet.Host.Tests.Documentation;

public sealed class ReadmeTests
{
    private static readonly string[] Readme = File.ReadAllLines(Repository.PathOf("README.md"));

    [Fact]
    public void First_code_block_is_the_compiled_snippet()
    {
        var source = File.ReadAllLines(
            Repository.PathOf("tests", "Host", "Documentation", $"{nameof(ReadmeSnippet)}.cs")
        );

        var block = Between(Readme, "```csharp", "```")
            .Where(line => line.Length > 0 && !line.StartsWith("using ILGpu", StringComparison.Ordinal));

        Assert.Equal(Between(source, "// snippet", "// end of snippet"), block);
    }

    [Fact]
    public void The_block_about_services_is_the_compiled_snippet()
    {
        var source = File.ReadAllLines(
            Repository.PathOf("tests", "Host", "Documentation", $"{nameof(ServiceSnippet)}.cs")
        );
        var section = Readme.SkipWhile(line => line != "## In a service").ToArray();
        var services = new ServiceCollection();

        ServiceSnippet.AddTo(services);

        Assert.Equal(Between(source, "// snippet", "// end of snippet"), Between(section, "```csharp", "```"));
        Assert.Contains(services, service => service.ServiceType == typeof(MobileNetHost));
    }

    [SkippableFact]
    public async Task First_code_block_runs()
    {
        Skip.IfNot(
            File.Exists(Repository.PathOf("models", PretrainedModel.FileName)),
            "Run eng/fetch-model text-direction."
        );
        var (folder, console) = (Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = Repository.Root;
            Console.SetOut(output);
            await ReadmeSnippet.RunAsync();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = folder;
        }
        Assert.Matches(@"^180 \d+\.\d\d%\s*$", output.ToString());
    }

    [Fact]
    public void Names_every_network()
    {
        var text = string.Join('\n', Readme);

        Assert.All(
            Network.Architectures.ArchitectureCatalog.All,
            network => Assert.Contains($"`{network.Name}`", text, StringComparison.Ordinal)
        );
    }

    private static List<string> Between(string[] lines, string start, string end)
    {
        var block = lines
            .SkipWhile(line => line.Trim() != start)
            .Skip(1)
            .TakeWhile(line => line.Trim() != end)
            .ToList();
        Assert.NotEmpty(block);
        return block.ConvertAll(line => line.Trim());
    }
}
