using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Models;

public sealed class PretrainedModelTests : IDisposable
{
    private const string Variable = "MOBILENET_MODELS";
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly TemporaryFolder _folder = new();

    public PretrainedModelTests() => Environment.SetEnvironmentVariable(Variable, _folder.Folder);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    [Fact]
    public void Is_found_in_the_folder_that_the_environment_names()
    {
        var file = _folder.Write(PretrainedModel.FileName, "");

        Assert.Equal(file, PretrainedModel.Find());
    }

    [Fact]
    public void Is_missed_with_the_place_and_the_remedy()
    {
        var fault = Assert.Throws<FileNotFoundException>(PretrainedModel.Find);

        Assert.Contains(_folder.Folder, fault.Message, StringComparison.Ordinal);
        Assert.Contains("eng/fetch-model text-direction", fault.Message, StringComparison.Ordinal);
        Assert.Contains("./mobilenet", fault.Message, StringComparison.Ordinal);
    }
}
