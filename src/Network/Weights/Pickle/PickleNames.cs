namespace ILGpuMobileNet.Network.Weights;

/// <summary>What Python's documentation (<c>pickletools</c>) calls the instructions that are not followed.</summary>
internal static class PickleNames
{
    /// <summary>The name of an instruction, or its number where no pickle has it.</summary>
    /// <param name="instruction">One that is not followed.</param>
    public static string Of(PickleInstruction instruction) =>
        (byte)instruction switch
        {
            (byte)'o' => "OBJ",
            0x81 => "NEWOBJ",
            0x92 => "NEWOBJ_EX",
            0x8F => "EMPTY_SET",
            0x90 => "ADDITEMS",
            0x91 => "FROZENSET",
            0x97 => "NEXT_BUFFER",
            0x98 => "READONLY_BUFFER",
            var number => $"0x{number:X2}",
        };
}
