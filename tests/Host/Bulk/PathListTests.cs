using System.IO.Pipelines;
using System.Text;
using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Bulk;

public sealed class PathListTests
{
    [Fact]
    public async Task Gives_lines_as_they_are_written_but_blank_ones()
    {
        var paths = await Read("\uFEFFa.png\n\n b c.png\r\n/d/\"é\".jpg\nlast.png"u8.ToArray());

        Assert.Equal(["a.png", " b c.png", "/d/\"é\".jpg", "last.png"], paths);
    }

    [Fact]
    public async Task An_empty_list_has_no_paths() => Assert.Empty(await Read([]));

    [Fact]
    public async Task A_single_line_needs_no_end() => Assert.Equal(["a"], await Read("\uFEFFa"u8.ToArray()));

    [Fact]
    public async Task Lines_are_found_wherever_the_blocks_end()
    {
        var lines = Enumerable.Range(0, 5000).Select(i => new string((char)('a' + (i % 26)), i % 97 + 1)).ToList();

        Assert.Equal(lines, await Read(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    [SkippableFact]
    public async Task Waiting_for_the_writer_of_a_pipe_can_be_stopped()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var reading = PathList.ReadAsync(folder.MakePipe("pipe"), stop.Token).ToListAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task A_folder_is_no_list()
    {
        using var folder = new TemporaryFolder();
        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            PathList.ReadAsync(folder.Folder).ToListAsync().AsTask()
        );
        Assert.Contains("got a folder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_text_is_refused_with_its_line()
    {
        var fault = await Assert.ThrowsAsync<ModelFormatException>(() => Read("a.png\nb\0.png\n"u8.ToArray()));

        Assert.StartsWith("list: Line 2 holds a null character", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "a.png\nb\u00ff.png\nc.png\n")]
    [InlineData(1, "\u00fe.png")]
    public async Task A_name_that_is_not_UTF_8_is_refused_with_its_line(int line, string list)
    {
        var fault = await Assert.ThrowsAsync<ModelFormatException>(() => Read(Encoding.Latin1.GetBytes(list)));

        Assert.StartsWith($"list: Line {line} is not UTF-8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        using var endless = new EndlessStream();

        var fault = await Assert.ThrowsAsync<ModelFormatException>(async () =>
            await PathList.ReadAsync(endless, "list").ToListAsync()
        );

        Assert.Contains("Line 1 is longer than 65536 bytes", fault.Message, StringComparison.Ordinal);
        Assert.InRange(endless.ByteCount, 65536, 1 << 20);
    }

    [Fact]
    public async Task Waiting_for_the_next_line_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("a.png\n"u8.ToArray());
        var paths = PathList.ReadAsync(pipe.Reader.AsStream(), "list", stop.Token).GetAsyncEnumerator();

        Assert.True(await paths.MoveNextAsync());
        var next = paths.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_list_comes_from_a_file()
    {
        using var folder = new Reference.TemporaryFolder();

        Assert.Equal(["a", "b"], await PathList.ReadAsync(folder.Write("list.txt", "a\nb\n")).ToListAsync());
    }

    private static async Task<List<string>> Read(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await PathList.ReadAsync(stream, "list").ToListAsync();
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long ByteCount { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'a');
            ByteCount += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
