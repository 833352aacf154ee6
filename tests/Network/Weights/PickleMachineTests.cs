using System.Text;
using ILGpuMobileNet.Network.Weights;
using static ILGpuMobileNet.Network.Tests.Weights.PickleWriter;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class PickleMachineTests
{
    private const string Command = "touch /tmp/this-must-not-be-there";

    public static TheoryData<string, byte[]> Attacks =>
        new()
        {
            { "'os.system'", Call(Global("os", "system"), Text(Command)) },
            { "'posix.system'", Call(Global("posix", "system"), Text(Command)) },
            { "'builtins.eval'", Call(Global("builtins", "eval"), Text("1")) },
            { "'__builtin__.exec'", Call(Global("__builtin__", "exec"), Text("1")) },
            { "'builtins.getattr'", Global("builtins", "getattr") },
            { "'torch.hub.load'", Global("torch.hub", "load") },
            {
                "'torch._utils._rebuild_tensor_v2.__globals__'",
                Global("torch._utils", "_rebuild_tensor_v2.__globals__")
            },
            { "'collections.OrderedDict.fromkeys'", Global("collections", "OrderedDict.fromkeys") },
            { "'posix.system'", [.. Text("posix"), .. Text("system"), 0x93] },
            { "'posix.system'", [(byte)'(', .. Text(Command), .. Ascii("iposix\nsystem\n")] },
            { "a function whose name is no text", [.. Number(1), .. Text("system"), 0x93] },
            { "instruction OBJ", [(byte)'(', .. Global("collections", "OrderedDict"), (byte)'o'] },
            { "instruction NEWOBJ,", [.. Global("collections", "OrderedDict"), (byte)')', 0x81] },
            { "instruction NEWOBJ_EX", [.. Global("collections", "OrderedDict"), (byte)')', (byte)'}', 0x92] },
            { "extension 7, a class", [0x82, 7] },
            { "extension 263, a class", [0x83, 7, 1] },
            { "extension 263, a class", [0x84, 7, 1, 0, 0] },
            { "instruction EMPTY_SET", [0x8F] },
            { "instruction READONLY_BUFFER", [0x98] },
            { "a reference that is no storage", Ascii("Posix.system\n") },
            { "call of what is no function", Call(Text("os.system"), Text(Command)) },
            { "call of what is no function", Call(Global("torch", "FloatStorage"), Text(Command)) },
            { "call of what is no function", [.. Global("collections", "OrderedDict"), .. Text("a"), (byte)'R'] },
            { "made from arguments", Call(Global("collections", "OrderedDict"), Text("a")) },
            { "a state for an object that takes none", [.. Global("torch", "FloatStorage"), (byte)'}', (byte)'b'] },
            {
                "a state for an object that takes none",
                [.. Text("a"), .. Dictionary(("__class__", Text("b"))), (byte)'b']
            },
        };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Nothing_but_tensors_and_containers_is_made(string expected, byte[] content) =>
        AssertFault(content, expected);

    // What Python makes of {'epoch': 1, 'lr': 0.5, 'big': 1 << 40, 'l': [1, (2, 3)], 'e': os.system('touch x'), ...}.
    public static TheoryData<string> Protocols =>
        [
            "(dp0\nVepoch\np1\nI1\nsVlr\np2\nF0.5\nsVbig\np3\nL1099511627776L\nsVb\nI01\nsVl\np4\n(lp5\nI1\na(I2\nI3\ntp6\nasVe\np7\n"
                + "cposix\nsystem\np8\n(Vtouch x\np9\ntp10\nRp11\ns.",
            "}q\0(X\u0005\0\0\0epochq\u0001K\u0001X\u0003\0\0\0bigL1099511627776L\nX\u0001\0\0\0ecposix\nsystem\nq\u0002"
                + "(X\u0007\0\0\0touch xtRu.",
            "\u0080\u0002}q\0(X\u0001\0\0\0ecposix\nsystem\nq\u0001X\u0007\0\0\0touch x\u0085Ru.",
            "\u0080\u0003}q\0(X\u0001\0\0\0ecposix\nsystem\nq\u0001X\u0007\0\0\0touch x\u0085Ru.",
            "\u0080\u0004}\u0094(\u008c\u0001e\u0094\u008c\u0005posix\u0094\u008c\u0006system\u0094\u0093\u0094\u008c\u0007touch x\u0094\u0085\u0094Ru.",
            "\u0080\u0005}\u0094(\u008c\u0001e\u0094\u008c\u0005posix\u0094\u008c\u0006system\u0094\u0093\u0094\u008c\u0007touch x\u0094\u0085\u0094Ru.",
            "cposix\nsystem\n(S'touch x'\ntR.",
            "cposix\nsystem\np0\n(Vtouch x\np1\ntp2\nRp3\n.",
            "(S'touch x'\niposix\nsystem\n.",
            "(dp0\n0(1I1\n20(lp1\ng1\n0cposix\nsystem\n.",
        ];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_function_is_refused_by_its_name_in_every_protocol(string pickle)
    {
        var bytes = Encoding.Latin1.GetBytes(pickle);
        AssertFault(Torch(bytes, new byte[24]), "the pickle names 'posix.system'", "x.pth");
        if (!pickle.StartsWith("(S", StringComparison.Ordinal)) // which begins as any text may
        {
            AssertFault(bytes, "the pickle names 'posix.system'", "x.pdparams");
        }
    }

    [Fact]
    public void Weights_in_protocol_0_are_read()
    {
        var file = Torch(
            [
                .. Ascii("(dp0\nVx\np1\n"),
                .. View(Storage("0", 2), 0, [2], [1]),
                .. Ascii("sS'y'\n"),
                .. View(Storage("0", 2), 0, [2], [1]),
                .. Ascii("s."),
            ],
            new byte[8]
        );
        using var opened = WeightFiles.Open(new MemoryStream(file), "x.pth", CancellationToken.None);
        Assert.Equal(["x", "y"], opened.Tensors.Select(tensor => tensor.Name));
    }

    public static TheoryData<string, byte[]> Damages =>
        new()
        {
            { "instruction 0xFF", [0xFF] },
            { "lacks its objects", [(byte)'R'] },
            { "lacks its objects", [(byte)'(', 0x85] },
            { "lacks its object", [(byte)'q', 0] },
            { "lacks its object", [(byte)'a'] },
            { "lacks its mark", [(byte)'t'] },
            { "lacks its objects", [.. Text("a"), (byte)'('] },
            { "object 7, which is not there", [(byte)'h', 7] },
            { "object 4294967295, which is not there", [(byte)'j', 0xFF, 0xFF, 0xFF, 0xFF] },
            { "no list", [.. Text("a"), .. Text("b"), (byte)'a'] },
            { "no dictionary", [.. Text("a"), .. Text("b"), .. Text("c"), (byte)'s'] },
            { "a key without a value", [(byte)'}', (byte)'(', .. Text("a"), (byte)'u'] },
            { "a whole number of 255 bytes", [0x8A, 0xFF, .. new byte[255]] },
            { "bytes where the pickle has", [(byte)'X', 0xFF, 0xFF, 0xFF, 0x7F] },
            { "bytes where the pickle has", [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
            { "bytes where the pickle has", [0x8E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] },
            { "a line of more than 4096 bytes", [(byte)'c', .. new byte[5000]] },
            { "expected a whole number", Ascii("I1x\n") },
            { "expected a whole number", Ascii("L99999999999999999999L\n") },
            { "expected a number", Ascii("Fx\n") },
            { "without its quotes", Ascii("S'a\n") },
            { "without its quotes", Ascii("S'\n") },
            { "an escape that stands for no character", Ascii("V\\u0161\n") },
            { "an escape that stands for no character", Ascii("S'\\q'\n") },
            { "lacks its mark", [(byte)'1'] },
            { "lacks its mark", [(byte)'d'] },
            { "a key without a value", [(byte)'(', .. Text("a"), (byte)'d'] },
            { "a whole number of 4294967295 bytes", [0x8B, 0xFF, 0xFF, 0xFF, 0xFF] },
            { "its end in the middle", [(byte)'G', 0] },
            { "outside the pickle", [] },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damaged_pickles_are_refused(string expected, byte[] content)
    {
        if (content.Length == 0)
        {
            content = [(byte)'N', (byte)'Q'];
            AssertFault(Pickle(content), expected, "x.pdparams");
            return;
        }
        AssertFault(content, expected);
    }

    public static TheoryData<string, byte[]> Contents =>
        new()
        {
            { "got another object", [(byte)'N'] },
            { "got another object", [(byte)']', .. Text("a"), (byte)'a'] },
            { "got another object", [(byte)']', (byte)'(', .. Text("a"), .. Text("b"), (byte)'e'] },
            { "got an empty dictionary", [(byte)'}'] },
            {
                "2 entries that are not all tensors ('epoch', 'lr')",
                Dictionary(("epoch", [(byte)'M', 1, 1]), ("lr", [(byte)'G', .. new byte[8]]))
            },
            { "('?')", [(byte)'}', (byte)'K', 1, 0x88, (byte)'s'] },
            { "2 entries", Dictionary(("a", [(byte)'J', 0, 0, 0, 0x80]), ("b", [0x8A, 1, 0xFF])) },
        };

    [Theory]
    [MemberData(nameof(Contents))]
    public void Pickles_without_weights_are_refused(string expected, byte[] content) => AssertFault(content, expected);

    [Fact]
    public void Deep_nesting_takes_no_stack()
    {
        var nested = Enumerable.Repeat((byte)']', 500_000).Concat(Enumerable.Repeat((byte)'a', 499_999));
        AssertFault([.. nested], "got another object");
    }

    [Fact]
    public void A_list_that_holds_itself_is_no_trap() =>
        AssertFault([(byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a'], "got another object");

    [Fact]
    public void Endless_instructions_are_refused_in_bounded_memory()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        AssertFault([.. Enumerable.Repeat((byte)']', 2 << 20)], "more than 1048576 instructions");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 128 << 20);
    }

    [Fact]
    public void One_dictionary_under_many_keys_is_looked_at_once()
    {
        var entries = Enumerable.Range(0, 100_000).Select(i => ($"k{i}", (byte[])[(byte)'K', 1])).ToArray();
        var references = Enumerable.Range(0, 100_000).Select(i => ($"r{i}", (byte[])[(byte)'h', 0])).ToArray();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        AssertFault([.. Dictionary(entries), (byte)'q', 0, .. Dictionary(references)], "100000 entries");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    [Fact]
    public void A_text_of_Python_2_is_a_name_too()
    {
        var file = Torch(
            Pickle([(byte)'}', (byte)'U', 1, (byte)'x', .. View(Storage("0", 2), 0, [2], [1]), (byte)'s']),
            new byte[8]
        );
        using var opened = WeightFiles.Open(new MemoryStream(file), "x.pth", CancellationToken.None);
        Assert.Equal("x", Assert.Single(opened.Tensors).Name);
    }

    private static void AssertFault(byte[] content, string expected) =>
        AssertFault(Torch(Pickle(content), new byte[24]), expected, "x.pth");

    private static void AssertFault(byte[] file, string expected, string path)
    {
        var fault = Assert.Throws<ModelFormatException>(() =>
            WeightFiles.Open(new MemoryStream(file), path, CancellationToken.None)
        );
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("save(", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/this-must-not-be-there"));
    }
}
