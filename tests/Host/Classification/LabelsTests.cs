using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Classification;

public sealed class LabelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat\ndog\n")]
    [InlineData("cat\r\ndog\r\n\r\n")]
    [InlineData("\uFEFFcat \n dog")]
    public void Reads_one_label_per_line(string text)
    {
        var labels = Labels.Read(_folder.Write("labels.txt", text), 2);

        Assert.Equal(2, labels.Count);
        Assert.Equal(["cat", "dog"], [labels[0], labels[1]]);
    }

    [Fact]
    public void Numbers_classes_that_have_no_labels() => Assert.Equal("class 17", Labels.Numbered(18)[17]);

    [Theory]
    [InlineData(0, "tench")]
    [InlineData(134, "crane bird")]
    [InlineData(281, "tabby")]
    [InlineData(517, "crane")]
    [InlineData(999, "toilet tissue")]
    public void ImageNet_has_its_names_in_order_and_TF_slim_a_background_before_them(int index, string name)
    {
        Assert.Equal(1000, Labels.ImageNet.Count);
        Assert.Equal(1001, Labels.ImageNetWithBackground.Count);
        Assert.Equal("background", Labels.ImageNetWithBackground[0]);
        Assert.Equal((name, name), (Labels.ImageNet[index], Labels.ImageNetWithBackground[index + 1]));
    }

    [Fact]
    public void No_two_classes_of_ImageNet_have_one_name() =>
        Assert.Equal(
            1000,
            Enumerable
                .Range(0, 1000)
                .Select(index => Labels.ImageNet[index])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Count()
        );

    [Theory]
    [InlineData("cat\ndog\nbird", "3 labels", "2 classes")]
    [InlineData("cat", "1 labels", "2 classes")]
    [InlineData("\ncat", "Line 1 is blank", "expected a label")]
    public void Names_what_does_not_fit(string text, string got, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Labels.Read(_folder.Write("labels.txt", text), 2));

        Assert.Contains(got, fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_is_no_text()
    {
        File.WriteAllBytes(_folder.PathOf("labels.txt"), [0xFF, 0xFE, 0x00, 0x80]);

        var fault = Assert.Throws<ModelFormatException>(() => Labels.Read(_folder.PathOf("labels.txt"), 2));

        Assert.Contains("no UTF-8 text", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_huge_file_without_reading_all_of_it()
    {
        using (var file = File.Create(_folder.PathOf("labels.txt")))
        {
            file.SetLength(1L << 40); // sparse
        }

        var fault = Assert.Throws<ModelFormatException>(() => Labels.Read(_folder.PathOf("labels.txt"), 2));

        Assert.Contains("longer than 4194304 bytes", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Reads_a_pipe()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        var pipe = _folder.MakePipe("pipe");
        var writing = Task.Run(() => File.WriteAllText(pipe, "a\nb\n"));

        Assert.Equal(["a", "b"], Labels.Read(pipe, 2).Names);

        await writing.WaitAsync(Patience.Limit);
    }

    [SkippableFact]
    public async Task Waiting_for_the_writer_of_a_pipe_can_be_stopped()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        using var stop = new CancellationTokenSource();
        var pipe = _folder.MakePipe("pipe");
        var reading = Task.Run(() => Labels.Read(pipe, 2, stop.Token));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience.Limit));
    }

    [SkippableFact]
    public async Task Waiting_for_what_a_pipe_gives_next_can_be_stopped()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        using var stop = new CancellationTokenSource();
        var pipe = _folder.MakePipe("pipe");
        var reading = Task.Run(() => Labels.Read(pipe, 2, stop.Token));
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write);
        writer.Write("a\n"u8);
        writer.Flush();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience.Limit));
    }

    [SkippableFact]
    public void Does_not_read_without_end()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such device in folders.");
        var fault = Assert.Throws<ModelFormatException>(() => Labels.Read("/dev/zero", 2));
        Assert.Contains("longer than 4194304 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_called_so()
    {
        var fault = Assert.Throws<ModelFormatException>(() => Labels.Read(_folder.Folder, 2));
        Assert.Contains("got a folder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_io_fault() =>
        Assert.Throws<FileNotFoundException>(() => Labels.Read(_folder.PathOf("none.txt"), 2));
}
